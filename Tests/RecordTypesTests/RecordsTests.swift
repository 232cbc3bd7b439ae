import Testing

@testable import RecordTypes

@Suite struct RecordsTests {
  private static let label = Field(name: "label", kind: .category(levels: ["a", "b"]))
  private static let heel = Field(name: "heel", kind: .number)
  private static let place = Field(name: "place", kind: .vector(count: 2))
  private static let image = Field(
    name: "image", kind: .image(ImageSize(height: 1, width: 2, channels: 3)))

  private func refusal(_ fields: [Field], _ columns: [RecordColumn]) -> String {
    do {
      _ = try Records(schema: RecordSchema(fields: fields), columns: columns)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func columnsAreFoundByName() throws {
    let records = try Records(
      schema: RecordSchema(fields: [Self.label, Self.place]),
      columns: [.levels([1, nil]), .numbers([1, 2, 3, 4], width: 2)])
    #expect(records.count == 2)
    #expect(records["place"] == .numbers([1, 2, 3, 4], width: 2))
    #expect(records["size"] == nil)
    let selected = records.selecting([1, 1, 0])
    #expect(selected.count == 3 && selected["label"] == .levels([nil, nil, 1]))
    let joined = Records.joining([records, selected])
    #expect(joined.count == 5 && joined["label"] == .levels([1, nil, nil, nil, 1]))
    #expect(joined.schema == records.schema)
  }

  @Test func columnsAreReplacedOrAdded() throws {
    let records = try Records(
      schema: RecordSchema(fields: [Self.label]), columns: [.levels([1, nil])])
    let more = records.setting(Self.heel, to: .numbers([1, 2]))
    #expect(more.schema.fields == [Self.label, Self.heel] && more["heel"] == .numbers([1, 2]))
    let other = Field(name: "label", kind: .category(levels: ["b"]))
    let replaced = more.setting(other, to: .levels([0, 0] as [Int32]))
    #expect(replaced.schema.fields == [other, Self.heel])
    #expect(replaced["label"] == .levels([0, 0] as [Int32]))
  }

  @Test func recordsWithoutFieldsAreCounted() throws {
    #expect(try Records(schema: RecordSchema(fields: []), columns: [], count: 7).count == 7)
  }

  @Test func columnsGoWithTheFields() {
    #expect(
      refusal([Self.label, Self.heel], [.levels([0] as [Int32])])
        == "expected a column for each of 2 fields, got 1 columns; give one column for each field.")
    #expect(
      refusal([Self.label, Self.heel], [.levels([0] as [Int32]), .numbers([1, 2])])
        == "expected as many records in field 'heel' as in 'label', which has 1, got 2; give every "
        + "field the same number of records.")
    #expect(
      refusal([Self.place], [.numbers([1, 2, 3], width: 2)])
        == "expected whole records in field 'place', got values that 2 doesn't divide; complete the "
        + "last record.")
    #expect(
      refusal([Self.heel], [RecordColumn(.numbers([1, 2]), validity: Bitmap([false]))])
        == "expected validity of 2 cells in field 'heel', got that of 1; give one bit for each cell."
    )
  }

  @Test(
    arguments: [
      (label, .numbers([1]), "a category of 2 levels", "numbers"),
      (heel, .levels([1] as [Int32]), "a number", "levels"),
      (heel, .numbers([1, 2], width: 2), "a number", "2 numbers for each record"),
      (place, .numbers([1]), "a vector of 2 numbers", "numbers"),
      (
        image, RecordColumn(.bytes(ByteStorage([1, 2])), width: 2), "an image of 1 × 2 × 3",
        "bytes, 2 for each record"
      ),
      (
        image, RecordColumn(.intensities([1, 2, 3]), width: 3), "an image of 1 × 2 × 3",
        "intensities, 3 for each record"
      ),
      (heel, .texts(["a"]), "a number", "texts"),
      (Field(name: "gloss", kind: .text()), .levels([1] as [Int32]), "a text", "levels"),
      // As many values, of cells of another size.
      (
        image, RecordColumn(.bytes(ByteStorage([1, 2, 3, 4, 5, 6])), width: 6),
        "an image of 1 × 2 × 3", "bytes, 6 for each record"
      ),
    ] as [(Field, RecordColumn, String, String)])
  func kindsGoTogether(field: Field, column: RecordColumn, expected: String, actual: String) {
    #expect(
      refusal([field], [column])
        == "expected a column that fits field '\(field.name)', \(expected), got \(actual); correct "
        + "the schema or the column.")
  }

  @Test func valuesAreThoseOfTheField() {
    for level in [2, -1] as [Int32] {
      #expect(
        refusal([Self.label], [.levels([0, level])])
          == "expected levels 0 to 1 in field 'label', got \(level) in record 1; name more levels or "
          + "correct the record.")
    }
    #expect(
      refusal([Self.place], [.numbers([1, 2, 3, .infinity], width: 2)])
        == "expected finite numbers in field 'place', got inf in record 1; correct the record.")
    #expect(
      refusal([Self.heel], [RecordColumn(.numbers([1, .nan]))])
        == "expected finite numbers in field 'heel', got nan in record 1; correct the record.")
    #expect(
      refusal(
        [Field(name: "gloss", kind: .text())],
        [RecordColumn(.texts(TextStorage([[0x61], [0xC3]] as [[UInt8]])))])
        == "expected texts in UTF-8 in field 'gloss', got bytes that aren't in record 1; correct "
        + "the record.")
    let size = ImageSize(height: 1, width: 2, channels: 1)
    #expect(
      refusal(
        [Field(name: "grey", kind: .image(size))],
        [RecordColumn(.intensities([0, 1, 0, -.infinity]), width: 2)])
        == "expected finite numbers in field 'grey', got -inf in record 1; correct the record.")
  }
}
