import Testing

@testable import RecordTypes

@Suite struct RecordColumnTests {
  private static let size = ImageSize(height: 1, width: 2, channels: 3)

  /// Two records of two numbers, of which the first lacks its second.
  private let place = RecordColumn.numbers([1, .nan, 3, 4], width: 2)
  /// Two pictures of two pixels of three channels, of which the second lacks its first pixel.
  private let picture = RecordColumn(
    .bytes(ByteStorage(Array(1...12))), width: 6, cells: 2,
    validity: Bitmap([true, true, false, true]))

  @Test func levelsMayBeMissing() {
    let column = RecordColumn.levels([2, nil, 0])
    #expect((0..<3).map { column.level($0) } == [2, nil, 0])
    #expect((0..<3).map { column.isKnown($0) } == [true, false, true])
    #expect(column.count == 3 && column.width == 1 && column.cells == 1)
    #expect(column.hasMissing && column.incompleteCount == 1)
    #expect(column.numbers.isEmpty && column.number(0) == nil)
  }

  @Test func numbersMayBeMissing() {
    let column = RecordColumn.numbers([1.5, nil, -2])
    #expect((0..<3).map { column.number($0) } == [1.5, nil, -2])
    #expect(column == .numbers([1.5, .nan, -2]))
    #expect(column.levels.isEmpty && column.level(0) == nil)
    // What stands for a missing number is a number all the same.
    #expect(!column.numbers.isEmpty && column.numbers.allSatisfy { $0.isFinite })
  }

  @Test func textsMayBeMissing() {
    let column = RecordColumn.texts(["boot", nil, "", "é"])
    #expect((0..<4).map { column.text($0) } == ["boot", nil, "", "é"])
    #expect(column.count == 4 && column.width == 1 && column.cells == 1)
    #expect(column.incompleteCount == 1 && column.levels.isEmpty && column.level(0) == nil)
    #expect(Array(column.texts.bytes(of: 3)) == [0xC3, 0xA9] && column.texts.byteCount == 6)
    #expect(RecordColumn.levels([0]).text(0) == nil && RecordColumn.levels([0]).texts.count == 0)
  }

  /// Equal texts, cut at other places, and another spelling of the same text.
  @Test func textsAreEqualByTheirBytes() {
    #expect(RecordColumn.texts(["ab", "c"]) == .texts(["ab", "c"]))
    #expect(RecordColumn.texts(["ab", "c"]) != .texts(["a", "bc"]))
    #expect(RecordColumn.texts(["\u{E9}"]) != .texts(["e\u{301}"]))
  }

  /// Where all is known, there is no bitmap.
  @Test func whatIsWholeIsEqual() {
    #expect(RecordColumn.levels([1, 0] as [Int32?]) == .levels([1, 0] as [Int32]))
    #expect(RecordColumn.numbers([1, 0] as [Double?]) == .numbers([1, 0] as [Double]))
    #expect(
      RecordColumn(.numbers([1, 2]), validity: Bitmap(repeating: true, count: 2)).validity == nil)
    #expect(RecordColumn.levels([1, 0] as [Int32]).incompleteCount == 0)
  }

  @Test func cellsOfAVectorAreItsNumbers() {
    #expect(place.width == 2 && place.cells == 2 && place.count == 2)
    #expect((0..<2).map { place.isKnown(0, cell: $0) } == [true, false])
    #expect((0..<2).map { place.isKnown(1, cell: $0) } == [true, true])
    #expect((0..<2).map { place.isKnown($0) } == [false, true])
    #expect(place.number(0) == 1 && place.number(0, component: 1) == nil)
    #expect(place.number(1) == 3 && place.number(1, component: 1) == 4)
    #expect(place.incompleteCount == 1)
  }

  @Test func cellsOfAPictureAreItsPixels() {
    let whole = RecordColumn.bytes(Array(1...12) as [UInt8], size: Self.size)
    #expect(whole.width == 6 && whole.cells == 2 && whole.count == 2)
    #expect(whole.isKnown(1) && whole.isKnown(1, cell: 1))
    #expect(picture.isKnown(0) && !picture.isKnown(1))
    #expect((0..<2).map { picture.isKnown(1, cell: $0) } == [false, true])
  }

  @Test func recordsAreSelectedWithWhatIsMissing() {
    #expect(
      RecordColumn.levels([2, nil, 0]).selecting([1, 0, 1]) == .levels([nil, 2, nil]))
    #expect(place.selecting([1, 0, 1]) == .numbers([3, 4, 1, .nan, 3, 4], width: 2))
    #expect(
      RecordColumn.texts(["boot", nil, "", "é"]).selecting([3, 1, 0, 3])
        == .texts(["é", nil, "boot", "é"]))
    // What is left is whole.
    #expect(place.selecting([1]) == .numbers([3, 4], width: 2))
    #expect(place.selecting([]).count == 0)
    #expect(
      picture.selecting([1])
        == RecordColumn(
          .bytes(ByteStorage(Array(7...12))), width: 6, cells: 2, validity: Bitmap([false, true])))
    let drawn = RecordColumn(.intensities([0.25, 0.5, 0.75, 1]), width: 2)
    #expect(
      drawn.selecting([1, 0]) == RecordColumn(.intensities([0.75, 1, 0.25, 0.5]), width: 2))
  }

  @Test func columnsAreJoinedWithWhatIsMissing() {
    #expect(
      RecordColumn.joining([.levels([1, 0] as [Int32]), .levels([nil, 2])])
        == .levels([1, 0, nil, 2]))
    #expect(
      RecordColumn.joining([.numbers([5, 6], width: 2), place, .numbers([7, 8], width: 2)])
        == .numbers([5, 6, 1, .nan, 3, 4, 7, 8], width: 2))
    #expect(
      RecordColumn.joining([.texts(["a", ""]), .texts([]), .texts([nil, "bc"])])
        == .texts(["a", "", nil, "bc"]))
    #expect(RecordColumn.joining([place]) == place)
    #expect(
      RecordColumn.joining([picture.selecting([0]), picture.selecting([1])]) == picture)
    let drawn = RecordColumn(.intensities([0.25, 0.5, 0.75, 1]), width: 2)
    #expect(
      RecordColumn.joining([drawn.selecting([0]), drawn.selecting([1])]) == drawn)
  }

  @Test(
    arguments: [
      .category(levels: ["a"]), .number, .vector(count: 2), .image(size),
      .text(),
    ] as [FieldKind])
  func nothingIsKnownOfAMissingColumn(kind: FieldKind) throws {
    let field = Field(name: "x", kind: kind)
    let column = RecordColumn.missing(field, count: 3)
    #expect(column.count == 3 && column.incompleteCount == 3)
    #expect(
      (0..<3).allSatisfy { record in
        (0..<field.cells.count).allSatisfy { !column.isKnown(record, cell: $0) }
      })
    let records = try Records(schema: RecordSchema(fields: [field]), columns: [column])
    #expect(records.count == 3)
  }
}
