import Testing

@testable import RecordTypes

@Suite struct MaskKindTests {
  @Test func listsAreRead() throws {
    #expect(try MaskKind.list("bottom-left") == [.bottomLeft])
    #expect(
      try MaskKind.list("blocks,all-but-top-right,none") == [.blocks, .allButTopRight, .none])
    #expect(throws: UnknownName.self) { try MaskKind.list("blocks,buttom") }
  }

  /// What a name gives away, and its complement.
  @Test func namesMeanWhatIsGiven() {
    let only: [(MaskKind, MaskKind, Int)] = [
      (.topLeft, .allButTopLeft, 0), (.topRight, .allButTopRight, 1),
      (.bottomLeft, .allButBottomLeft, 2), (.bottomRight, .allButBottomRight, 3),
    ]
    for (kind, complement, quadrant) in only {
      #expect(quadrants(kind) == (0..<4).map { $0 == quadrant })
      #expect(quadrants(complement) == (0..<4).map { $0 != quadrant })
    }
    #expect(quadrants(MaskKind.top) == [true, true, false, false])
    #expect(quadrants(MaskKind.left) == [true, false, true, false])
    #expect(quadrants(MaskKind.none) == [false, false, false, false])
    #expect(MaskKind.allCases.count { $0.gives(quadrant: 0) == nil } == 6)
  }

  private func quadrants(_ kind: MaskKind) -> [Bool?] { (0..<4).map(kind.gives) }

  @Test func cellsArePixelsOrEntries() {
    let color = Field(name: "c", kind: .image(ImageSize(height: 2, width: 5, channels: 3)))
    #expect(color.cells == CellGrid(height: 2, width: 5))
    #expect(Field(name: "v", kind: .vector(count: 7)).cells == CellGrid(height: 1, width: 7))
    #expect(Field(name: "n", kind: .number).cells.count == 1)
  }

  @Test func anyMasksTheImagesAndGivesTheRest() throws {
    let schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(ImageSize(height: 2, width: 2, channels: 1))),
      Field(name: "label", kind: .category(levels: ["boot", "coat"])),
    ])
    let roles = try Roles.named(["any"], schema: schema)
    #expect(roles.masked == ["image"] && roles.generated == ["image"] && roles.given == ["label"])
    #expect(roles.givenNames == ["any"])
    #expect(try Roles.named(["label"], schema: schema).givenNames == ["label"])
    #expect(try Roles.named(["label"], schema: schema).masked.isEmpty)
    let called = try RecordSchema(fields: schema.fields + [Field(name: "any", kind: .number)])
    #expect(try Roles.named(["any"], schema: called).given == ["any"])
  }

  @Test func anyFieldOfARowMayBeGiven() throws {
    let schema = try RecordSchema(fields: [
      Field(name: "size", kind: .number),
      Field(name: "label", kind: .category(levels: ["boot", "coat"])),
    ])
    let roles = try Roles.named(["any"], schema: schema)
    #expect(roles.masked == ["size", "label"] && roles.generated == roles.masked)
    #expect(roles.given.isEmpty && roles.givenNames == ["any"])
    #expect(roles.name(of: "size") == "given or generated")
  }
}
