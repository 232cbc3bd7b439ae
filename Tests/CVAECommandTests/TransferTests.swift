import Foundation
import TensorFiles
import Testing

/// Records drawn again under other conditions.
@Suite(.sharedRun()) struct TransferTests {
  let run: TrainedRun
  let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  @discardableResult
  private func transfer(
    _ output: String, _ more: String..., input: [String]? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws -> Command.Result {
    let result = try Command.run(
      ["transfer", run.path] + (input ?? [run.data]) + ["--output", folder.file(output)] + more)
    #expect(result.status == 0, "\(result.errors)", sourceLocation: location)
    #expect(
      result.output.isEmpty
        && result.errorLines.allSatisfy { $0.hasPrefix("warning: no training record has label") },
      "\(result.errors)", sourceLocation: location)
    return result
  }

  /// The pixels of an archive's records.
  private func pixels(_ name: String) throws -> [[Float]] {
    let image = try #require(try NPZ.read(folder.file(name)).first { $0.name == "image" })
    guard case .float32(let values) = image.values else { return [] }
    return stride(from: 0, to: values.count, by: 64).map { Array(values[$0..<$0 + 64]) }
  }

  @Test func everyLevelOfEachRecord() throws {
    try transfer("all.csv", "--records", "3,7-8", "--given", "label=*")
    let rows = try folder.lines("all.csv").map { $0.split(separator: ",").map(String.init) }
    #expect(rows.first?.prefix(3) == ["input", "label", "image0"])
    #expect(
      rows.dropFirst().map { Array($0.prefix(2)) }
        == ["3", "7", "8"].flatMap { input in (0..<10).map { [input, "\($0)"] } })
  }

  @Test func fieldsThatAreNotNamedStay() throws {
    try transfer("own.csv", "--records", "3,7,8")
    let labels = try folder.lines("own.csv").dropFirst().map { $0.split(separator: ",")[1] }
    #expect(labels == ["0", "1", "2"])
  }

  /// What the model can't draw again comes along: under its own condition a picture stays whole.
  @Test func detailsAreCarriedOver() throws {
    let records = ["--records", "3,7,8"]
    func drawn(_ name: String, _ more: [String]) throws -> [Float] {
      let result = try Command.run(
        ["transfer", run.path, run.data, "--output", folder.file(name)] + records + more)
      #expect(result.status == 0, "\(result.errors)")
      return try pixels(name).flatMap { $0 }
    }
    let own = try drawn("own.npz", [])
    let whole = try drawn("whole.npz", ["--details"])
    #expect(whole.count == 3 * 64 && own != whole)
    #expect(whole.allSatisfy { abs(255 * $0 - (255 * $0).rounded()) < 1e-3 }, "The inputs' bytes.")
    let plain = try drawn("plain.npz", ["--given", "label=2"])
    let sharp = try drawn("sharp.npz", ["--given", "label=2", "--details"])
    for (place, pixel) in sharp.enumerated() {
      let expected = min(max(whole[place] + plain[place] - own[place], 0), 1)
      #expect(abs(pixel - expected) < 1e-5)
    }
    try Command.run(
      ["transfer", run.path, run.data, "--details", "--combine", "--output", folder.file("o.npz")]
    ).expectRefusal(status: 64, "--details and --combine exclude each other")
  }

  /// The test split, which the data set apart.
  @Test func testSplitIsTheDefault() throws {
    try transfer("test.csv", "--given", "label=1", "--count", "3")
    let inputs = try folder.lines("test.csv").dropFirst().map { $0.split(separator: ",")[0] }
    #expect(inputs == ["60", "61", "62"])
    try transfer("train.csv", "--given", "label=1", "--split", "train")
    #expect(try folder.lines("train.csv").count == 17)
  }

  @Test func sheetBeginsWithTheInputs() throws {
    try transfer("few.png", "--records", "3", "--given", "label=1")
    try transfer("more.png", "--records", "3,4", "--given", "label=*")
    try transfer("joined.png", "--records", "3,6", "--given", "label=*", "--combine")
    let sizes = try ["few", "more", "joined"].map { name in
      let bytes = Array(try folder.bytes("\(name).png"))
      return [16, 20].map { bytes.dropFirst($0).prefix(4).reduce(0) { $0 << 8 | Int($1) } }
    }
    #expect(sizes[1][0] > sizes[0][0] && sizes[1][1] > sizes[0][1])
    #expect(sizes[2][0] > sizes[1][0] - 30 && sizes[2][1] == sizes[0][1])
  }

  @Test func folderNamesInputAndTarget() throws {
    try transfer("out", "--records", "3,4", "--given", "label=*")
    let names = try folder.names(in: "out")
    #expect(names.count == 20)
    #expect(names.prefix(2) == ["record-3-0-00.png", "record-3-1-00.png"], "\(names)")
  }

  @Test func combinedRecordsGiveOneRow() throws {
    try transfer("one.npz", "--records", "3", "--given", "label=2")
    try transfer("alone.npz", "--records", "3", "--given", "label=2", "--combine")
    try transfer("joined.npz", "--records", "3,6,9", "--given", "label=2", "--combine")
    let (one, alone, joined) = (
      try pixels("one.npz"), try pixels("alone.npz"), try pixels("joined.npz")
    )
    #expect(joined.count == 1 && alone.count == 1)
    #expect(zip(one[0], alone[0]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(one != joined)
    #expect(try NPZ.read(folder.file("joined.npz")).map(\.name) == ["label", "image"])
  }

  @Test func samplesDifferAndTheirMeanDoesNot() throws {
    let draw = ["--records", "3", "--given", "label=2", "--sample", "--alternatives", "3"]
    for (name, more) in [
      ("a", []), ("b", []), ("c", ["--seed", "2"]), ("d", ["--temperature", "0"]),
    ] as [(String, [String])] {
      let result = try Command.run(
        ["transfer", run.path, run.data, "--output", folder.file("\(name).npz")] + draw + more)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.bytes("a.npz") == folder.bytes("b.npz"))
    #expect(try folder.bytes("a.npz") != folder.bytes("c.npz"))
    #expect(Set(try pixels("a.npz")).count == 3)
    let still = Set(try pixels("d.npz"))
    try transfer("mean.npz", "--records", "3", "--given", "label=2")
    #expect(try still == Set(pixels("mean.npz")))
  }

  /// A picture that `generate` wrote is an input like a record.
  @Test func pictureFile() throws {
    let made = try Command.run(
      "generate", run.path, "--given", "label=1", "--count", "2", "--output", folder.file("made"))
    #expect(made.status == 0)
    let files = try folder.names(in: "made").map { folder.file("made/\($0)") }
    #expect(files.count == 2)
    try transfer("out.csv", "--from", "label=1", "--given", "label=*", input: files)
    #expect(try folder.lines("out.csv").count == 21)
    let unnamed = try Command.run(
      "transfer", run.path, files[0], "--given", "label=0", "--output", folder.file("no.csv"))
    unnamed.expectRefusal("the value of 'label' under which the input stands", "--from label=VALUE")
  }

  @Test func refusals() throws {
    func refused(_ arguments: String...) throws -> Command.Result {
      try Command.run(["transfer", run.path, run.data] + arguments)
    }
    let output = folder.file("no.csv")
    try refused("--records", "80", "--output", output).expectRefusal("records from 0 to 79", "80")
    try refused("--records", "3,x", "--output", output).expectRefusal(status: 64, "3,17,20-25")
    try refused("--records", "9-3", "--output", output).expectRefusal(status: 64, "'9-3'")
    try refused("--alternatives", "2", "--output", output).expectRefusal(status: 64, "--sample")
    try refused("--given", "image=any", "--output", output).expectRefusal("'image' is generated")
    try refused("--given", "label=any", "--output", output)
      .expectRefusal("trained without unknown conditions", "conditionDropout")
    try refused("--from", "label=*", "--output", output).expectRefusal("one value of 'label'")
    try refused("--from", "label=any", "--output", output).expectRefusal("'label' is unknown")
    #expect(try folder.content().isEmpty)
  }
}
