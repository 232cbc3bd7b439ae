import Foundation
import TensorFiles
import Testing

/// The records that `generate` writes.
@Suite(.sharedRun(.heels)) struct GenerateTests {
  let run: TrainedRun
  let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  @discardableResult
  private func generate(
    _ output: String, given: [String] = ["label=1", "heel=0.5"], _ more: String...,
    at location: SourceLocation = #_sourceLocation
  ) throws -> Command.Result {
    let result = try Command.run(
      ["generate", run.path, "--output", folder.file(output)] + given.flatMap { ["--given", $0] }
        + more)
    #expect(result.status == 0, "\(result.errors)", sourceLocation: location)
    #expect(result.output.isEmpty, sourceLocation: location)
    return result
  }

  /// Width and height, from the header of a PNG file.
  private func size(_ name: String) throws -> [Int] {
    let bytes = Array(try folder.bytes(name))
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    return [16, 20].map { start in
      bytes.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
  }

  @Test func sheet() throws {
    try generate("few.png", "--count", "2")
    try generate("many.png", given: ["label=*", "heel=0.5"], "--count", "6")
    let (few, many) = (try size("few.png"), try size("many.png"))
    #expect(few[0] >= 16 && few[1] >= 8)
    #expect(many[0] > few[0] && many[1] > few[1], "Six in a row, and a row for each level.")
  }

  @Test func folderOfPictures() throws {
    try generate("boots", given: ["label=*", "heel=0.5"], "--count", "2")
    let names = try folder.names(in: "boots")
    #expect(names.count == 6)
    #expect(names.first == "label---0--heel---0.5-0.png", "\(names)")
    for name in names { #expect(try size("boots/\(name)") == [8, 8]) }
    #expect(try folder.content().count == 7)
  }

  @Test func archive() throws {
    try generate("boots.npz", "--count", "4")
    let arrays = try NPZ.read(folder.file("boots.npz"))
    #expect(arrays.map(\.name) == ["label", "heel", "image"])
    #expect(arrays.map(\.shape) == [[4], [4], [4, 8, 8]])
    #expect(arrays.first?.values == .int64([1, 1, 1, 1]))
    #expect(arrays.dropFirst().first?.values == .float64([0.5, 0.5, 0.5, 0.5]))
    guard case .float32(let pixels) = arrays.last?.values else {
      Issue.record("Expected float32 pixels.")
      return
    }
    #expect(!pixels.isEmpty && pixels.allSatisfy { (0...1).contains($0) })
  }

  @Test func table() throws {
    try generate("boots.csv", "--count", "4")
    let rows = try folder.lines("boots.csv").map { $0.split(separator: ",").map(String.init) }
    #expect(rows.first == ["label", "heel"] + (0..<64).map { "image\($0)" })
    #expect(rows.count == 5)
    for row in rows.dropFirst() {
      #expect(row.prefix(2) == ["1", "0.5"])
      #expect(row.dropFirst(2).compactMap { Float($0) }.filter { (0...1).contains($0) }.count == 64)
    }
  }

  @Test func lines() throws {
    try generate("boots.jsonl", "--count", "3")
    let lines = try folder.lines("boots.jsonl")
    #expect(lines.count == 3)
    for line in lines {
      let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(record?["label"] as? Int == 1)
      #expect(record?["heel"] as? Double == 0.5)
      #expect((record?["image"] as? [Double])?.count == 64)
    }
  }

  @Test func everyLevelInTurn() throws {
    try generate("boots.csv", given: ["label=*", "heel=0.5"], "--count", "2")
    let labels = try folder.lines("boots.csv").dropFirst().map { $0.prefix(1) }
    #expect(labels == ["0", "0", "1", "1", "2", "2"])
  }

  @Test(arguments: ["png", "npz", "csv", "jsonl"])
  func sameSeedGivesTheSameBytes(form: String) throws {
    for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
      try generate("\(name).\(form)", "--seed", seed)
    }
    let first = try folder.bytes("a.\(form)")
    #expect(try folder.bytes("b.\(form)") == first)
    #expect(try folder.bytes("c.\(form)") != first)
  }

  @Test func fewerRecordsAreTheFirstOfMore() throws {
    let given = [["label=1", "heel=0.5"], ["label=any", "heel=any"]]
    for given in given {
      try generate("few.csv", given: given, "--count", "3")
      try generate("more.csv", given: given, "--count", "5")
      let more = try folder.lines("more.csv")
      #expect(try folder.lines("few.csv") == Array(more.prefix(4)))
      #expect(Set(more).count == 6, "Each record has a style of its own.")
    }
  }

  @Test func temperatureZeroGivesEqualRecords() throws {
    try generate("boots.csv", "--temperature", "0", "--count", "5")
    #expect(try Set(folder.lines("boots.csv").dropFirst()).count == 1)
  }

  /// Without an embedding for "any", conditions are drawn from the training records.
  @Test func unknownConditionIsDrawn() throws {
    let result = try generate("boots.csv", given: ["label=any", "heel=0.5"], "--count", "40")
    #expect(
      result.errors
        == "'label' is unknown: it was drawn as often as each value occurs in the training "
        + "records.\n")
    let labels = try folder.lines("boots.csv").dropFirst().map { $0.prefix(2) }
    #expect(Set(labels) == ["0,", "1,", "2,"])
  }

  @Test func conditionThatIsLeftOutIsUnknown() throws {
    try generate("out.csv", given: ["label=1"])
    try generate("any.csv", given: ["label=1", "heel=any"])
    #expect(try folder.bytes("out.csv") == folder.bytes("any.csv"))
  }
}

/// A model that was trained with unknown conditions.
@Suite(.sharedRun(.unknownHeels)) struct GenerateUnknownTests {
  @Test func unknownConditionStaysUnknown() throws {
    let (run, folder) = (try SharedRun.run(), try TemporaryFolder())
    let result = try Command.run(
      "generate", run.path, "--given", "label=any", "--count", "4", "--output",
      folder.file("boots.csv"))
    #expect(result.status == 0)
    #expect(result.errors.isEmpty, "\(result.errors)")
    let rows = try folder.lines("boots.csv").dropFirst()
    #expect(
      !rows.isEmpty && rows.allSatisfy { $0.hasPrefix(",,0.") }, "\(rows.map { $0.prefix(8) })")
  }
}

/// Levels that a schema file beside the data names.
@Suite struct GenerateLevelTests {
  @Test func levelByNameAndByIndex() throws {
    let folder = try TemporaryFolder()
    let data = try TinyData.putIDX(into: folder)
    try folder.put("fields: {label: {levels: [boot, coat, bag]}}".utf8, "data/schema.yaml")
    let configuration = try TinyData.putConfiguration(into: folder)
    let run = folder.file("run")
    #expect(
      try Command.run("train", data, "--config", configuration, "--output", run).status == 0)
    for (level, name) in [("coat", "name.csv"), ("1", "index.csv")] {
      let result = try Command.run(
        "generate", run, "--given", "label=\(level)", "--output", folder.file(name))
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.bytes("name.csv") == folder.bytes("index.csv"))
    let named = try folder.lines("name.csv").dropFirst()
    #expect(!named.isEmpty && named.allSatisfy { $0.hasPrefix("coat,") })
    let wrong = try Command.run(
      "generate", run, "--given", "label=bot", "--output", folder.file("wrong.csv"))
    wrong.expectRefusal()
    #expect(
      wrong.sentence(in: folder)
        == "Error: No level of 'label' is named 'bot'; the nearest is 'boot'; "
        + "known: 'boot', 'coat', 'bag'.")
    let outside = try Command.run(
      "generate", run, "--given", "label=3", "--output", folder.file("wrong.csv"))
    outside.expectRefusal()
    #expect(
      outside.sentence(in: folder)
        == "Error: 'label': expected a level's name or an index from 0 to 2, got 3.")
  }
}
