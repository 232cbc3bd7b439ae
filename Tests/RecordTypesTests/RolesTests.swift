import Foundation
import Testing

@testable import RecordTypes

@Suite struct RolesTests {
  private let schema: RecordSchema

  init() throws {
    schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(ImageSize(height: 2, width: 2, channels: 1))),
      Field(name: "label", kind: .category(levels: ["boot", "coat"])),
      Field(name: "heel", kind: .number),
    ])
  }

  @Test func keepsTheOrderOfTheGiven() throws {
    let roles = try Roles(given: ["label", "image"], schema: schema)
    #expect(roles.given == ["label", "image"])
    #expect(roles.generated == ["heel"])
    #expect(try Roles(given: [], schema: schema).generated == ["image", "label", "heel"])
    let back = try JSONDecoder().decode(Roles.self, from: JSONEncoder().encode(roles))
    #expect(back == roles)
  }

  @Test func saysWhatIsWrong() throws {
    #expect(throws: UnknownName.self) { try Roles(given: ["lable"], schema: schema) }
    #expect(throws: InvalidRoles.repeated(field: "heel")) {
      try Roles(given: ["heel", "heel"], schema: schema)
    }
    #expect(throws: InvalidRoles.nothingGenerated(given: ["heel", "image", "label"])) {
      try Roles(given: ["heel", "image", "label"], schema: schema)
    }
    #expect(
      "\(InvalidRoles.repeated(field: "heel"))"
        == "Expected each given field once, got 'heel' twice; name it once.")
    #expect(
      "\(InvalidRoles.nothingGenerated(given: ["a", "b"]))"
        == "Expected at least one field to generate, got all of them as given (a, b); "
        + "leave one out.")
  }
}
