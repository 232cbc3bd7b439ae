import Foundation
import Testing

@Suite struct ReadmeTests {
  private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The program that the README shows is the one that the package compiles.
  @Test func programIsTheOneThatIsCompiled() throws {
    let program = try text("Examples/library/main.swift")
    #expect(try text("README.md").contains("```swift\n" + program + "```\n"))
    let lines = program.split(separator: "\n").count
    #expect(lines <= 15, "The README promises a short program; it has \(lines) lines.")
  }

  /// Every file that the README or the documentation points to is there.
  @Test func linksLeadSomewhere() throws {
    let documentation = try FileManager.default.subpathsOfDirectory(
      atPath: root.appendingPathComponent("Documentation").path)
    let pages =
      ["README.md", "CHANGELOG.md"]
      + documentation.filter { $0.hasSuffix(".md") }.map { "Documentation/" + $0 }
    for page in pages {
      let folder = root.appendingPathComponent(page).deletingLastPathComponent()
      for match in try text(page).matches(of: /\]\(([^)#:]+)\)/) {
        let target = folder.appendingPathComponent(String(match.1)).standardizedFileURL.path
        #expect(FileManager.default.fileExists(atPath: target), "\(page) points to \(match.1)")
      }
    }
  }
}
