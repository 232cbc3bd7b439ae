import Foundation
import TensorFiles
import Testing

/// Tables from standard input, and to standard output.
@Suite(.sharedRun(.holes)) struct StandardStreamTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  /// The run's table in another form.
  private func table(_ form: String) throws -> String {
    let rows = try run.folder.lines("holes.csv").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    switch form {
    case "tsv":
      return try folder.put(
        (rows.map { $0.joined(separator: "\t") }.joined(separator: "\n") + "\n").utf8, "t.tsv")
    case "jsonl":
      let lines = rows.dropFirst().map { row in
        let parts = zip(rows[0], row).filter { !["", "NA"].contains($1) }.map { name, cell in
          "\"\(name)\":" + (name == "kind" ? "\"\(cell)\"" : cell)
        }
        return "{" + parts.joined(separator: ",") + "}"
      }
      return try folder.put((lines.joined(separator: "\n") + "\n").utf8, "t.jsonl")
    default: return run.data
    }
  }

  @Test(arguments: ["csv", "tsv", "jsonl"])
  func trainsOnEveryForm(form: String) throws {
    for filter in ["cat", "gzip -c"] {
      let trained = try Command.shell(
        "\(filter) \"$1\" | \"$0\" train - --config \"$2\" --output \"$3\" --overwrite",
        table(form), run.configuration, folder.file("run"))
      #expect(trained.status == 0 && trained.output.isEmpty, "\(trained.errors)")
      #expect(trained.errors.contains("\n  id: left out, as it numbers the records"))
      #expect(
        try folder.bytes("run/model.safetensors") == run.folder.bytes("run/model.safetensors"))
    }
    let resumed = try Command.run("train", "--output", folder.file("run"), "--resume")
    resumed.expectRefusal("expected the name of the data, got standard input; give DATA as well")
    let again = try Command.shell(
      "\"$0\" train - --output \"$2\" --resume < \"$1\"", table(form), folder.file("run"))
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test(arguments: ["csv", "tsv", "jsonl"])
  func readsEveryForm(form: String) throws {
    let path = try table(form)
    let wanted = try Command.run("evaluate", run.path, path, "--only", "bounds", "--json")
    let scored = try Command.shell(
      "\"$0\" evaluate \"$2\" - --only bounds --json < \"$1\"", path, run.path)
    #expect(scored.status == 0 && scored.output == wanted.output, "\(scored.errors)")
    for arguments in ["encode", "complete"] {
      let file = folder.file("out.\(form)")
      let made = try Command.run(arguments, run.path, path, "--output", file)
      #expect(made.status == 0, "\(made.errors)")
      let piped = try Command.shell(
        "cat \"$1\" | \"$0\" \(arguments) \"$2\" - --output - --format \(form)", path, run.path)
      #expect(piped.status == 0, "\(piped.errors)")
      #expect(Data(piped.output.utf8) == (try folder.bytes("out.\(form)")))
    }
    let report = try Command.shell(
      "\"$0\" report \"$2\" - --only bounds --output \"$3\" < \"$1\"", path, run.path,
      folder.file("report.html"))
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test(arguments: ["csv", "tsv", "jsonl"])
  func generatesIntoStandardOutput(form: String) throws {
    let file = folder.file("rows.\(form)")
    let made = try Command.run("generate", run.path, "--count", "20", "--output", file)
    #expect(made.status == 0, "\(made.errors)")
    let piped = try Command.run(
      "generate", run.path, "--count", "20", "--output", "-", "--format", form)
    #expect(piped.status == 0 && piped.errors.isEmpty, "\(piped.errors)")
    #expect(Data(piped.output.utf8) == (try folder.bytes("rows.\(form)")))
    let usual = try Command.run("generate", run.path, "--count", "2", "--output", "-")
    #expect(usual.output.hasPrefix("size,kind,weight\n"))
    // Appended, not written over what is there.
    let appended = try Command.shell(
      "echo first > \"$2\"; \"$0\" generate \"$1\" --count 20 --output - --format \(form) >> \"$2\"",
      run.path, folder.file("appended"))
    #expect(appended.status == 0, "\(appended.errors)")
    #expect(
      try folder.bytes("appended") == Data("first\n".utf8) + folder.bytes("rows.\(form)"))
  }

  /// The balanced table has the form of the one that is added to.
  @Test(arguments: ["tsv", "jsonl"])
  func balancesInTheFormOfTheTable(form: String) throws {
    let path = try table(form)
    let made = try Command.run(
      "generate", run.path, "--like", path, "--balance", "kind", "--output",
      folder.file("more.\(form)"))
    #expect(made.status == 0, "\(made.errors)")
    let piped = try Command.shell(
      "\"$0\" generate \"$2\" --like - --balance kind --output - < \"$1\"", path, run.path)
    #expect(piped.status == 0, "\(piped.errors)")
    #expect(Data(piped.output.utf8) == (try folder.bytes("more.\(form)")))
    let wrong = try Command.shell(
      "\"$0\" complete \"$2\" - --output - --format csv < \"$1\"", path, run.path)
    wrong.expectRefusal("--format must be the form of the table", "got csv for a table of the form")
    let other = try Command.shell(
      "\"$0\" complete \"$2\" - --output \"$3\" < \"$1\"", path, run.path, folder.file("x.csv"))
    other.expectRefusal("--output must have the same ending as the table")
  }

  @Test func theFileThatIsRedirectedStays() throws {
    let path = try table("tsv")
    let before = try folder.content()
    for command in ["complete", "encode"] {
      let made = try Command.shell(
        "\"$0\" \(command) \"$1\" - --output \"$2\" < \"$2\"", run.path, path)
      made.expectRefusal("--output: expected a place of its own", "which is read")
    }
    #expect(try folder.content() == before)
  }

  /// Nobody waits for the rest: the program ends as others do, quietly.
  @Test func endsQuietlyWithTheReader() throws {
    let result = try Command.shell(
      "\"$0\" generate \"$1\" --count 50000 --output - | head -n 2; echo ${PIPESTATUS[0]}", run.path
    )
    #expect(result.errors.isEmpty, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "size,kind,weight" && lines[2] == "141", "\(lines)")
  }

  @Test func readingErrorsNameStandardInput() throws {
    let wrong = try Command.shell(
      "printf '%s\\n' '{\"size\":1}' '{\"size\":[2]}' | \"$0\" encode \"$1\" - --output -", run.path
    )
    wrong.expectRefusal("standard input, line 2, column 9: expected a number, a text in quotes")
    let ragged = try Command.shell(
      "printf 'a,b\\n1\\n' | \"$0\" evaluate \"$1\" -", run.path)
    ragged.expectRefusal("standard input, line 2: expected 2 cells")
    let short = try Command.shell(
      "gzip -c \"$2\" | head -c 300 | \"$0\" evaluate \"$1\" -", run.path, run.data)
    short.expectRefusal("standard input: expected whole gzip data")
  }

  @Test(arguments: [
    (
      ["train", "d", "--given", "a", "--output", "-"],
      "--output: expected the name of a directory, got '-'"
    ),
    (
      ["report", "m", "d", "--output", "-"],
      "--output: expected the name of a file, got '-', standard output"
    ),
    (
      ["complete", "m", "d.npz", "--mask", "top", "--output", "-"],
      "standard output, which takes tables alone"
    ),
    (
      ["encode", "m", "d", "--output", "-", "--map", "-"],
      "--map: expected the name of a file, got '-'"
    ),
    (["generate", "m", "--output", "a.csv", "--format", "tsv"], "--format is for standard output"),
    (
      ["encode", "m", "d", "--output", "a.npz", "--format", "tsv"],
      "--format is for standard output"
    ),
    (
      ["transfer", "m", "d", "--output", "a", "--format", "tsv"], "--format is for standard output"
    ),
    (
      ["complete", "m", "d.csv", "--output", "a.csv", "--format", "csv"],
      "--format is for standard output"
    ),
    (
      ["complete", "m", "d.csv", "--output", "-", "--format", "tsv"],
      "--format must be the form of the table"
    ),
    (
      ["generate", "m", "--output", "-", "--format", "npz"],
      "Please provide one of 'csv', 'tsv' or 'jsonl'"
    ),
  ])
  func refusals(arguments: [String], words: String) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 64 && result.output.isEmpty)
    #expect(result.errors.contains(words), "\(result.errors)")
  }
}
