import Foundation
import TensorFiles
import Testing

/// `generate --given-from` on rows.
@Suite(.sharedRun(.holes)) struct GivenFromTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func generate(
    _ table: String, named name: String = "in.csv", to output: String = "out.csv", _ more: String...
  ) throws -> Command.Result {
    try Command.run(
      ["generate", run.path, "--given-from", folder.put(table.utf8, name), "--output"]
        + [output == "-" ? "-" : folder.file(output)] + more)
  }

  @Test func cellsStayAndTheRestIsDrawnBesideThem() throws {
    let made = try generate(
      "id,kind,size\n07,small,any\n8,any,3.50\n\"x,9\",odd,any\n", "--count", "2")
    #expect(made.status == 0, "\(made.errors)")
    let rows = try folder.lines("out.csv")
    try #require(rows.count == 7 && rows[0] == "id,kind,size,weight")
    for (row, start) in rows.dropFirst().enumerated() {
      #expect(start.hasPrefix(["07,small,", "8,", "\"x,9\",odd,"][row / 2]), "\(start)")
    }
    #expect(rows[3].contains(",3.50,") && rows[4].contains(",3.50,"))
    #expect(rows[1] != rows[2] && !rows[1].hasPrefix("07,small,,"))
  }

  /// From a pipe into a pipe, in other forms.
  @Test func pipesAndForms() throws {
    let table = "kind\tsize\nsmall\tany\nany\t2.5\n"
    let made = try generate(table, named: "in.tsv", to: "out.jsonl", "--given", "weight=9")
    #expect(made.status == 0, "\(made.errors)")
    let lines = try folder.lines("out.jsonl")
    #expect(lines.count == 2 && lines[0].hasPrefix(#"{"kind":"small","size":"#))
    #expect(
      lines.allSatisfy { $0.hasSuffix(#","weight":9.0}"#) } && lines[1].contains(#""size":2.5,"#))
    let piped = try Command.shell(
      "\"$0\" generate \"$1\" --given-from - --given weight=9 --output - --format jsonl < \"$2\"",
      run.path, folder.file("in.tsv"))
    #expect(piped.status == 0, "\(piped.errors)")
    #expect(Data(piped.output.utf8) == (try folder.bytes("out.jsonl")))
    let ended = try Command.shell(
      "(echo kind; yes small | head -n 60000) | \"$0\" generate \"$1\" --given-from - --output - | head -n 3",
      run.path)
    #expect(ended.errors.isEmpty, "\(ended.errors)")
    #expect(ended.output.split(separator: "\n").count == 3)
  }

  @Test func refusals() throws {
    try generate("kinds\nsmall\n").expectRefusal(
      "in.csv, line 1: expected columns that the model knows", "'kinds' (the nearest is 'kind')")
    try generate("kind\nsmall\nsmal\n").expectRefusal(
      "in.csv, line 3, column 1: expected a level of 'kind' that the model knows, such as small")
    try generate("kind\nsmall\n", "--given", "kind=odd").expectRefusal(
      "'kind': expected a value in one place")
    try generate("size\n2\n", "--given", "kind=*").expectRefusal(
      "'kind': expected one value for all rows of the table, got '*'")
    try generate("id\n2\n").expectRefusal("expected a column that can be given")
    try generate("kind\nsmall\n", to: "in.csv").expectRefusal(
      status: 64, "--output is also an input")
    try generate("kind\nsmall\n", "--like", run.data, "--balance", "kind").expectRefusal(
      status: 64, "leave --count, --given and --given-from out")
    #expect(!folder.exists("out.csv"))
  }

  /// Ctrl-C leaves the old file, and no part of a new one.
  @Test(.timeLimit(.minutes(1))) func interruptionLeavesNothing() throws {
    try folder.put("old".utf8, "rows.csv")
    let process = try Command.start([
      "generate", run.path, "--count", "10000000", "--output", folder.file("rows.csv"),
    ])
    while process.isRunning, try folder.content().count < 2 { usleep(2000) }
    process.send(SIGINT)
    let result = process.finish()
    #expect(result.status == 130 && result.errors.isEmpty, "\(result.status) \(result.errors)")
    #expect(try folder.content() == ["rows.csv": Data("old".utf8)])
  }

  /// What lies outside of the training records is said once.
  @Test func warnsOnce() throws {
    let made = try generate("size\n1000\n2000\n")
    #expect(made.status == 0)
    #expect(made.errorLines.count == 1 && made.errors.contains("'size' = 2000.0 lies outside"))
  }
}

/// `generate --given-from` of pictures.
@Suite(.sharedRun(.heels)) struct GivenFromPicturesTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
    try folder.put("heel,label\n0.50,2\n0.25,0\nany,1\n0.75,0\n".utf8, "in.csv")
  }

  private func generate(_ output: String, _ more: String...) throws -> Command.Result {
    let result = try Command.run(
      [
        "generate", run.path, "--given-from", folder.file("in.csv"), "--output",
        folder.file(output),
      ]
        + more)
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  @Test func recordsAreInTheOrderOfTheRows() throws {
    let result = try generate("out.npz", "--count", "2")
    #expect(result.errors.contains("'heel' is unknown: it was drawn"))
    let arrays = try NPZ.read(folder.file("out.npz"))
    #expect(arrays.map(\.name) == ["label", "heel", "image"])
    #expect(arrays[0].values == .int64([2, 2, 0, 0, 1, 1, 0, 0]))
    #expect(arrays[2].shape == [8, 8, 8])
  }

  @Test func filesAreInTheOrderOfTheRows() throws {
    _ = try generate("out")
    #expect(
      try folder.names(in: "out") == [
        "1-heel---0.50--label---2-0.png", "2-heel---0.25--label---0-0.png",
        "3-heel---any--label---1-0.png", "4-heel---0.75--label---0-0.png",
      ])
  }

  @Test func sheetsHaveARowForEach() throws {
    _ = try generate("four.png")
    _ = try generate("wide.png", "--count", "5")
    let sizes = ["four.png", "wide.png"].map { name in
      [16, 20].map { start in
        (try? folder.bytes(name))?.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | Int($1) } ?? 0
      }
    }
    #expect(sizes[1][0] > sizes[0][0] && sizes[0][1] > 4 * 8)
  }

  @Test func tablesHaveTheGivenColumnsFirst() throws {
    _ = try generate("out.csv")
    let rows = try folder.lines("out.csv")
    #expect(rows.count == 5 && rows[0].hasPrefix("heel,label,image0,image1,"))
    #expect(rows[1].hasPrefix("0.50,2,0.") && rows[4].hasPrefix("0.75,0,0."))
    let first = try Command.run(
      "generate", run.path, "--given", "label=2", "--given", "heel=0.5", "--count", "1", "--output",
      folder.file("one.csv"))
    #expect(first.status == 0)
    #expect(
      try folder.lines("one.csv")[1].split(separator: ",").dropFirst(2)
        == rows[1].split(separator: ",").dropFirst(2), "A row draws what its values draw.")
  }

  @Test func generatedColumnsAreRefused() throws {
    try folder.put("label,image\n1,2\n".utf8, "image.csv")
    let result = try Command.run(
      "generate", run.path, "--given-from", folder.file("image.csv"), "--output",
      folder.file("out.npz"))
    result.expectRefusal(
      "image.csv, line 1: expected columns that can be given, 'label' and 'heel', got 'image', which the "
        + "model generates")
  }
}
