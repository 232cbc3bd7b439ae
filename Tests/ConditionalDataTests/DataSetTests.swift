import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct DataSetTests {
  private static let label = Field(name: "label", kind: .category(levels: ["a", "b"]))
  private static let heel = Field(name: "heel", kind: .number)
  private static let place = Field(name: "place", kind: .vector(count: 2))
  private static let image = Field(
    name: "image", kind: .image(ImageSize(height: 3, width: 3, channels: 1)))

  private func failure(
    _ fields: [Field], _ columns: [RecordColumn], ownTest: Range<Int>? = nil
  ) -> String {
    sentence {
      _ = try DataSet(
        schema: RecordSchema(fields: fields), columns: columns, ownTest: ownTest, source: "here")
    }
  }

  @Test func takesWhatFits() throws {
    let data = try DataSet(
      schema: RecordSchema(fields: [Self.label, Self.heel, Self.place, Self.image]),
      columns: [
        .levels([nil, 1]), .numbers([.nan, 0]), .numbers([1, 2, 3, 4], width: 2),
        .grey([UInt8](repeating: 9, count: 18), width: 9),
      ], ownTest: 1..<2)
    #expect(data.count == 2)
    #expect(data.source == "data")
  }

  @Test func comparesColumnsAndFields() {
    #expect(
      failure([Self.label], []) == "here: expected a column for each of 1 fields, got 0 columns; "
        + "give one column for each field.")
    #expect(
      failure([Self.label, Self.heel], [.levels([0]), .numbers([1, 2])])
        == "here: expected as many records in field 'heel' as in 'label', which has 1, got 2; "
        + "give every field the same number of records.")
    #expect(
      failure([Self.place], [.numbers([1, 2, 3], width: 2)]) == "here: expected whole records in "
        + "field 'place', got values that 2 doesn't divide; complete the last record.")
    #expect(
      failure([Self.label], [.levels([])])
        == "here: expected at least one record, got none; check how the data were made.")
  }

  @Test(
    arguments: [
      (label, .numbers([1]), "numbers"),
      (heel, .levels([1]), "levels"),
      (heel, .numbers([1, 2], width: 2), "2 numbers for each record"),
      (place, .numbers([1]), "numbers"),
      (image, .grey([1, 2], width: 2), "bytes, 2 for each record"),
    ] as [(Field, RecordColumn, String)])
  func comparesKinds(field: Field, column: RecordColumn, actual: String) {
    #expect(
      failure([field], [column]) == "here: expected a column that fits field '\(field.name)', "
        + "\(field.kind.summary), got \(actual); correct the schema or the column.")
  }

  @Test func checksValues() {
    for level in [2, -2] as [Int32] {
      #expect(
        failure([Self.label], [.levels([0, level])]) == "here: expected levels 0 to 1 in field "
          + "'label', got \(level) in record 1; name more levels or correct the record.")
    }
    #expect(
      failure([Self.place], [.numbers([1, 2, 3, -.infinity], width: 2)]) == "here: expected finite "
        + "numbers in field 'place', got -inf in record 1; correct the record.")
    #expect(
      failure([Self.label], [.levels([0, 1])], ownTest: 1..<3) == "here: expected test records "
        + "within 0..<2, got 1..<3; correct the range of test records.")
  }

  @Test func fingerprintTellsDataApart() throws {
    func fingerprint(
      _ pixels: [UInt8], _ levels: [Int32] = [0, 1], names: [String] = ["a", "b"],
      image: String = "image", size: ImageSize = ImageSize(height: 3, width: 3, channels: 1),
      ownTest: Range<Int>? = nil
    ) throws -> String {
      try DataSet(
        schema: RecordSchema(fields: [
          Field(name: image, kind: .image(size)),
          Field(name: "label", kind: .category(levels: names)),
        ]), columns: [.grey(pixels, width: 9), .levels(levels)], ownTest: ownTest
      ).fingerprint
    }
    let pixels = (0..<18).map { UInt8($0) }
    let first = try fingerprint(pixels)
    #expect(try fingerprint(pixels) == first)
    #expect(first.count == 16)
    var all: Set = [first]
    for index in pixels.indices {
      var changed = pixels
      changed[index] ^= 0x80
      all.insert(try fingerprint(changed))
    }
    #expect(all.count == 19)
    all.insert(try fingerprint(pixels, [1, 1]))
    all.insert(try fingerprint(pixels, image: "picture"))
    all.insert(try fingerprint(pixels, size: ImageSize(height: 9, width: 1, channels: 1)))
    all.insert(try fingerprint(pixels, ownTest: 1..<2))
    all.insert(try fingerprint(pixels, ownTest: 0..<2))
    #expect(all.count == 24)
    #expect(try fingerprint(pixels, names: ["b", "c", "d"]) == first)
  }

  /// A model file names the data by this, so that it must never change.
  @Test func fingerprintStaysAsItIs() throws {
    let pictures = try DataSet(
      schema: RecordSchema(fields: [Self.image, Self.label]),
      columns: [.grey((0..<18).map { UInt8($0) }, width: 9), .levels([0, 1])])
    #expect(pictures.fingerprint == "c2d3a99e3936b000")
    let data = try DataSet(
      schema: RecordSchema(fields: [Self.label, Self.heel]),
      columns: [.levels([0, 1, nil]), .numbers([1, 2, 3])])
    #expect(data.fingerprint == "8fe422cb6e34a389")
  }
}
