import Foundation
import TensorFiles
import Testing

/// Levels of pictures, by a model that is given the label.
@Suite(.sharedRun()) struct ClassifyTests {
  let run: TrainedRun
  let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func classify(
    _ name: String, _ more: String..., of data: String? = nil
  ) throws -> Command.Result {
    try Command.run(
      ["classify", run.path, data ?? run.data, "--field", "label", "--output", folder.file(name)]
        + more)
  }

  @Test func everyRecordHasALevelAndProbabilities() throws {
    let result = try classify("p.csv", "--split", "test", "--json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty, "\(result.errors)")
    let lines = try folder.lines("p.csv")
    #expect(lines.first == "label," + (0..<10).map { "p(\($0))" }.joined(separator: ","))
    #expect(lines.count == 21)
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",").compactMap { Double($0) }
      try #require(cells.count == 11)
      #expect(abs(cells[1...].reduce(0, +) - 1) < 1e-5, "\(line)")
      #expect(cells[1...].max() == cells[1 + Int(cells[0])], "\(line)")
    }
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "accuracy", "balancedAccuracy", "baseline", "expectedCalibrationError", "field",
        "labelled", "logLoss", "records", "samples", "split", "unknownLevels",
      ])
    #expect(object["records"] as? Int == 20)
    let right = lines.dropFirst().enumerated().count { $1.hasPrefix("\($0 % 3),") }
    let accuracy = try #require(object["accuracy"] as? [String: Double])
    #expect(abs(try #require(accuracy["mean"]) - Double(right) / 20) < 1e-12)
    // Two would be chance.
    #expect(right > 9)
  }

  @Test func recordsAreThoseOfTheWhole() throws {
    let whole = try classify("all.csv")
    #expect(whole.output.hasPrefix("records                       80 (all), 80 of them"))
    #expect(whole.errors.hasPrefix("warning: the model has learned from 57 of these records"))
    let some = try classify("some.csv", "--records", "70,3-5")
    #expect(some.errors.isEmpty, "\(some.errors)")
    let lines = try folder.lines("all.csv")
    #expect(try folder.lines("some.csv") == [0, 71, 4, 5, 6].map { lines[$0] })
    try classify("none.csv", "--records", "80").expectRefusal("from 0 to 79, got 80")
  }

  @Test func formsAreThoseOfTables() throws {
    for name in ["p.csv", "p.tsv", "p.jsonl", "p.npz"] {
      #expect(try classify(name, "--records", "1,2").status == 0)
    }
    let rows = try folder.lines("p.csv")
    #expect(try folder.lines("p.tsv") == rows.map { $0.replacing(",", with: "\t") })
    #expect(try folder.lines("p.jsonl").first?.hasPrefix(#"{"label":"#) == true)
    let arrays = try NPZ.read(folder.file("p.npz"))
    #expect(arrays.map(\.name).sorted() == ["label"] + (0..<10).map { "p(\($0))" })
  }

  /// Levels that the model doesn't know are wrong, and data need have none.
  @Test func otherData() throws {
    let labels: [UInt8] = [0, 1, 2, 12, 12, 1]
    let pixels = TinyData.pixels(labels)
    let strange = folder.file("strange.npz")
    try TinyData.putPictures(pixels, side: 8, labels: labels, to: strange)
    let result = try classify("p.csv", "--json", of: strange)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors == "warning: the model doesn't know the level of 2 of 6 records ('12'): they "
        + "count as wrong, and not in the log loss.\n")
    #expect(result.output.contains(#""unknownLevels":2}"#))
    let path = folder.file("bare.npz")
    try NPZ.write(
      [NPZArray(name: "image", shape: [6, 8, 8], values: .uint8(pixels))], to: path)
    let bare = try classify("bare.csv", of: path)
    #expect(bare.status == 0, "\(bare.errors)")
    #expect(bare.errors.isEmpty, "\(bare.errors)")
    #expect(bare.output.contains("6 (all), 0 of them with a known 'label'"))
    #expect(try folder.lines("bare.csv") == folder.lines("p.csv"))
  }

  @Test func aFolderOfPicturesAlone() throws {
    let drawn = try Command.run(
      "generate", run.path, "--count", "3", "--given", "label=*", "--output", folder.file("drawn"))
    #expect(drawn.status == 0, "\(drawn.errors)")
    let result = try classify("p.csv", of: folder.file("drawn"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.lines("p.csv").count == 31)
  }

  @Test func refusals() throws {
    try Command.run(
      "classify", run.path, run.data, "--field", "image", "--output", folder.file("p.csv")
    ).expectRefusal("--field: expected a category, got 'image', an image of 8 × 8 × 1")
    try Command.run(
      "classify", run.path, run.data, "--field", "lebal", "--output", folder.file("p.csv")
    ).expectRefusal("No field is named 'lebal'; the nearest is 'label'")
    try classify("p.png").expectRefusal(
      status: 64, "--output must end in .csv, .tsv, .jsonl or .npz, not")
    try classify("p").expectRefusal(status: 64, "--output must end in .csv")
    try classify("p.csv", "--split", "test", "--records", "1").expectRefusal(
      status: 64, "--records and --split exclude each other.")
    #expect(try folder.names(in: "").isEmpty)
  }
}

/// Levels of pictures, by a model of any given pixels.
@Suite(.sharedRun(.anyPixels)) struct ClassifyAnyPixelsTests {
  @Test func levelsAreTold() throws {
    let (run, folder) = (try SharedRun.run(), try TemporaryFolder())
    let result = try Command.run(
      "classify", run.path, run.data, "--field", "label", "--split", "test", "--output",
      folder.file("p.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let lines = try folder.lines("p.csv").dropFirst()
    #expect(lines.count == 20)
    // Two would be chance.
    #expect(lines.enumerated().count { $1.hasPrefix("\($0 % 3),") } > 5)
  }
}

/// Levels of rows with missing cells.
@Suite(.sharedRun(.holes)) struct ClassifyRowsTests {
  @Test func columnsAndCellsMayLack() throws {
    let (run, folder) = (try SharedRun.run(), try TemporaryFolder())
    func classify(_ data: String, _ field: String = "kind") throws -> Command.Result {
      try Command.run(
        "classify", run.path, data, "--field", field, "--output", folder.file("p.csv"))
    }
    let own = try classify(run.data)
    #expect(own.status == 0, "\(own.errors)")
    #expect(own.output.contains("300 (all), 250 of them with a known 'kind'"))
    let whole = try folder.lines("p.csv")
    #expect(whole.first == "kind,p(large),p(odd),p(small)")
    let other = try folder.put(
      "size,weight,kind\n1.5,4.5,small\n9.0,27.1,large\n1.5,,huge\n,,\n".utf8, "other.csv")
    let result = try classify(other)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("of 1 of 3 records ('huge')"), "\(result.errors)")
    let lines = try folder.lines("p.csv")
    #expect(lines.map { $0.prefix { $0 != "," } }.prefix(4) == ["kind", "small", "large", "small"])
    // The third record again, by its only known cell.
    let sizes = try folder.put("size\n9.0\n9.0\n1.5\n".utf8, "sizes.csv")
    let bare = try classify(sizes)
    #expect(bare.status == 0, "\(bare.errors)")
    #expect(try folder.lines("p.csv").last == lines[3])
    try classify(run.data, "size").expectRefusal("expected a category, got 'size', a number")
    try classify(run.data, "id").expectRefusal("'id'")
  }
}
