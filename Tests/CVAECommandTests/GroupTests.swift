import Foundation
import TensorFiles
import Testing

/// Groups, splits by their levels, and what commands make of them.
@Suite struct GroupTests {
  let folder: TemporaryFolder
  let data: String
  let configuration: String

  /// Ten faces of three letters, twice each; the letter says which pixels are lit, the face how
  /// brightly.
  init() throws {
    folder = try TemporaryFolder()
    data = folder.file("fonts.npz")
    var (pixels, letters, faces, years): ([UInt8], [String], [String], [Float]) = ([], [], [], [])
    for record in 0..<60 {
      let (face, letter) = (record / 6, record % 3)
      letters.append(["A", "B", "C"][letter])
      faces.append("face \(face)")
      years.append(Float(1900 + record))
      let light = UInt8(90 + 14 * face)
      pixels += (0..<64).map { ($0 % 8) / 3 == letter ? light : 20 }
    }
    try NPZ.write(
      [
        NPZArray(name: "image", shape: [60, 8, 8], values: .uint8(pixels)),
        NPZArray(name: "character", shape: [60], values: .text(letters)),
        NPZArray(name: "face", shape: [60], values: .text(faces)),
        NPZArray(name: "year", shape: [60], values: .float32(years)),
      ], to: data)
    configuration = try TinyData.putConfiguration(
      into: folder, given: "character",
      training: ["groups: {sources: 3, targets: 2}", "conditionDropout: 0.1"])
  }

  private func train(_ more: String...) throws -> Command.Result {
    try Command.run(
      [
        "train", data, "--config", configuration, "--output", folder.file("run"), "--ignore",
        "year",
      ]
        + more)
  }

  @Test func typefaces() throws {
    let run = folder.file("run")
    let trained = try train("--group", "face", "--split-by", "face")
    #expect(trained.status == 0, "\(trained.errors)")
    let inspected = try Command.run("inspect", run)
    #expect(inspected.output.contains("group: face") && inspected.output.contains("splitBy: face"))
    #expect(!inspected.output.contains("face 3"), "Levels of an ignored field stay unknown.")

    let scored = try Command.run(
      "evaluate", run, data, "--samples", "4", "--only", "bounds", "--json")
    #expect(scored.status == 0 && scored.errors.isEmpty, "\(scored.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(scored.output.utf8)) as? [String: Any])
    let records = try #require(report["records"] as? Int)
    #expect(records > 0 && records % 6 == 0, "Whole faces: \(records)")

    let encoded = try Command.run("encode", run, data, "--output", folder.file("z.csv"))
    #expect(encoded.status == 0, "\(encoded.errors)")

    for (name, more) in [
      ("one.npz", ["--records", "3"]), ("three.npz", ["--records", "3-5", "--combine"]),
      ("strong.npz", ["--records", "3", "--control", "2"]), ("sheet.png", []),
    ] as [(String, [String])] {
      let result = try Command.run(
        ["transfer", run, data, "--given", "character=*", "--output", folder.file(name)] + more)
      #expect(result.status == 0 && result.errors.isEmpty, "\(name): \(result.errors)")
    }
    let one = try NPZ.read(folder.file("one.npz"))
    #expect(one.map(\.name) == ["input", "character", "image"])
    #expect(try folder.bytes("one.npz") != folder.bytes("strong.npz"))

    let resumed = try Command.run(
      "train", "--output", run, "--resume", "--group", "character")
    resumed.expectRefusal("model.group is face there, but character was requested")
  }

  @Test func ignoredFieldIsUnknown() throws {
    #expect(try train("--split-by", "face").status == 0)
    let given = try Command.run(
      "generate", folder.file("run"), "--given", "face=1", "--output", folder.file("out.csv"))
    given.expectRefusal("No field is named 'face'")
    let drawn = try Command.run(
      "generate", folder.file("run"), "--given", "character=B", "--output", folder.file("out.csv"))
    #expect(drawn.status == 0)
    #expect(
      try folder.lines("out.csv").first?.hasPrefix("character,image0,") == true,
      "Neither year nor face is generated.")
  }

  @Test func settingsThatDontFit() throws {
    try train("--group", "year").expectRefusal("model.group: expected a category", "a number")
    try train("--split-by", "yaer").expectRefusal("No field is named 'yaer'")
    try train("--group", "face", "--batch", "9").expectRefusal(
      "multiple of training.groups.targets")
    #expect(!folder.exists("run"))
  }
}
