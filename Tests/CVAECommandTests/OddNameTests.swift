import Foundation
import TensorFiles
import Testing

/// Names and cells that look alike, stand for something else, or are no text for a terminal.
@Suite struct OddNameTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Trains for a moment on a table of 120 rows.
  private func train(
    header: String, given: String = "any", row: (Int) -> String
  ) throws -> (run: String, table: String, errors: String) {
    let lines = [header] + (0..<120).map(row)
    let table = try folder.put((lines.joined(separator: "\n") + "\n").utf8, "table.csv")
    let run = folder.file("run")
    let result = try Command.run(
      "train", table, "--given", given, "--epochs", "1", "--threads", "1", "--output", run)
    try #require(result.status == 0, "\(result.errors)")
    return (run, table, result.errors)
  }

  /// The rows that are generated, each as its cells.
  private func generate(_ run: String, _ arguments: String...) throws -> [[String]] {
    let result = try Command.run(
      ["generate", run] + arguments + ["--output", folder.file("rows.csv")])
    try #require(result.status == 0, "\(result.errors)")
    return try folder.lines("rows.csv").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private func bytes(_ texts: some Sequence<String>) -> Set<[UInt8]> {
    Set(texts.map { Array($0.utf8) })
  }

  /// Two spellings of é are two levels, from training to generated rows and their evaluation.
  @Test func spellingsThatLookAlikeAreTwoLevels() throws {
    let levels = ["\u{E9}", "e\u{301}", "f"]
    let (run, table, errors) = try train(header: "kind,size") { row in
      "\(levels[row % 3]),\(row * 7 % 50).5"
    }
    #expect(errors.contains("kind: a category of 3 levels"), "\(errors)")
    let kinds = try generate(run, "--given", "kind=*", "--count", "5").map { $0[0] }
    #expect(kinds.count == 15 && bytes(kinds) == bytes(levels))
    for level in levels {
      let own = try generate(run, "--given", "kind=\(level)", "--count", "3").map { $0[0] }
      #expect(bytes(own) == bytes([level]))
    }
    let judged = try Command.run("evaluate", run, table, "--json", "--samples", "1")
    #expect(judged.status == 0 && judged.errors.isEmpty, "\(judged.errors)")
  }

  /// As R writes tables: texts in quotes, missing values without.
  @Test func wordsInQuotesAreLevelsAndOthersMissing() throws {
    let (run, table, errors) = try train(header: "code,size") { row in
      let code = row % 10 == 9 ? "NA" : "\"\(["NA", "DE", "FR"][row % 3])\""
      return "\(code),\(row % 12 == 5 ? "NA" : row % 12 == 7 ? "" : "\(row * 7 % 50).5")"
    }
    #expect(errors.contains("code: a category of 3 levels: DE, FR, NA; "), "\(errors)")
    #expect(errors.contains(" % missing: 12 'NA'\n"), "\(errors)")
    #expect(errors.contains(" % missing: 10 empty, 10 'NA'\n"), "\(errors)")

    let rows = try generate(run, "--given", "code=NA", "--count", "4")
    #expect(rows.count == 4 && rows.allSatisfy { $0[0] == "\"NA\"" }, "\(rows)")
    for (name, start) in [("rows.tsv", "\"NA\"\t"), ("rows.jsonl", #"{"code":"NA","#)] {
      let made = try Command.run(
        "generate", run, "--given", "code=NA", "--count", "4", "--output", folder.file(name))
      try #require(made.status == 0, "\(made.errors)")
      let lines = try folder.lines(name).filter { $0 != "code\tsize" }
      #expect(lines.count == 4 && lines.allSatisfy { $0.hasPrefix(start) }, "\(lines)")
    }

    // The table is read as it was for training, so its test split is known.
    let judged = try Command.run("evaluate", run, table, "--json", "--samples", "1")
    #expect(judged.status == 0 && judged.errors.isEmpty, "\(judged.errors)")
    let filled = try Command.run("complete", run, table, "--output", folder.file("filled.csv"))
    #expect(filled.status == 0, "\(filled.errors)")
    for (before, after) in zip(try folder.lines("table.csv"), try folder.lines("filled.csv")) {
      let (own, cells) = (before.split(separator: ",")[0], after.split(separator: ","))
      #expect(cells.count == 2)
      if own == "NA" {
        #expect(["DE", "FR", "\"NA\""].contains(cells[0]), "\(after)")
      } else {
        #expect(cells[0] == own)
      }
    }
  }

  /// Files whose names look alike are two files, and a comma or slash stays one before a mark.
  @Test func separatorsBeforeMarksAndFilesThatLookAlike() throws {
    let (run, _, _) = try train(header: "a,\u{301}b,size", given: "a,\u{301}b") { row in
      "\(["x", "y"][row % 2]),\(["x", "y", "z"][row % 3]),\(row * 7 % 50).5"
    }
    for name in ["\u{301}.csv", "\u{301}rows"] {
      let made = try Command.run(
        "generate", run, "--given", "\u{301}b=z", "--count", "2", "--output", folder.file(name))
      #expect(made.status == 0, "\(made.errors)")
      #expect(folder.exists(name))
    }
    let table = try folder.put("a,\u{301}b,size\nx,z,1.5\n".utf8, "\u{E9}.csv")
    let output = ["--output", folder.file("e\u{301}.csv")]
    let made = try Command.run(["encode", run, table] + output)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try folder.lines("\u{E9}.csv").count == 2)
    try Command.run(["encode", run, folder.file("e\u{301}.csv")] + output)
      .expectRefusal(status: 64, "--output is also an input")
  }

  @Test func namesWithEqualsSigns() throws {
    let (run, _, _) = try train(header: "a=b,a,size") { row in
      "\(["x", "b=x"][row % 2]),\(["x", "b=x", "y"][row % 3]),\(row * 7 % 50).5"
    }
    let rows = try generate(run, "--given", "a=b=b=x", "--given", "a=y", "--count", "5")
    #expect(rows.allSatisfy { $0[0] == "b=x" && $0[1] == "y" }, "\(rows)")
    try Command.run(
      "generate", run, "--given", "a=b=x", "--given", "a=b=b=x", "--output", folder.file("x.csv")
    ).expectRefusal("--given: expected each field once, got 'a=b' twice.")
  }

  /// A level called `missing` is meant before missing values.
  @Test func aLevelThatIsCalledMissing() throws {
    let (run, _, _) = try train(header: "kind,size") { row in
      "\(["missing", "there", ""][row % 3]),\(row % 4 == 0 ? "" : "\(row * 7 % 50).5")"
    }
    let named = try generate(run, "--given", "kind=missing", "--count", "5")
    #expect(named.allSatisfy { $0[0] == "missing" }, "\(named)")
    let none = try generate(run, "--given", "kind=", "--given", "size=missing", "--count", "5")
    #expect(none.count == 5 && none.allSatisfy { $0 == ["", ""] }, "\(none)")
  }

  /// Whatever names and cells hold, nothing but text and line feeds reaches the terminal.
  @Test func controlCharactersAreShownEscaped() throws {
    let name = "a\u{1B}[31m\u{9B}b"
    let (run, table, errors) = try train(header: "\(name),kind") { row in
      "\(row * 7 % 50).5,\"\(["x\u{7}", "y\rz", "z\u{9B}0m"][row % 3])\""
    }
    func check(_ text: String, _ words: String..., at place: SourceLocation = #_sourceLocation) {
      let controls = text.unicodeScalars.filter {
        $0 != "\n" && $0.properties.generalCategory == .control
      }
      #expect(controls.isEmpty, "\(controls)", sourceLocation: place)
      for word in words { #expect(text.contains(word), "\(text)", sourceLocation: place) }
    }
    check(errors, #"a\u{1b}[31m\u{9b}b: a number"#, #"x\u{7}, y\u{d}z, z\u{9b}0m"#)
    check(try Command.run("inspect", run).output, #"a\u{1b}[31m\u{9b}b"#)
    for arguments in [
      ["inspect", run, "--json"], ["evaluate", run, table, "--json", "--samples", "1"],
    ] {
      let json = try Command.run(arguments).output
      check(json, #"a\u001b[31m\u009bb"#)
      _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
    }
    check(
      try Command.run("evaluate", run, table, "--only", "bounds", "--samples", "1").output,
      #"a\u{1b}[31m\u{9b}b"#)
    for arguments in [
      ["generate", run, "--given", "kind=\u{1B}c"], ["generate", run, "--given", "\u{9B}=1"],
      ["generate", run, "--\u{1B}c"], ["generate", run + "\r", "--given", "kind=x"],
    ] {
      let refused = try Command.run(arguments + ["--output", folder.file("x.csv")])
      #expect(refused.status != 0 && refused.output.isEmpty)
      check(refused.errors, "Error: ", #"\u{"#)
    }
    // The cells themselves come back as they were.
    let kinds = try generate(run, "--given", "kind=x\u{7}", "--count", "2").map { $0[1] }
    #expect(bytes(kinds) == bytes(["x\u{7}"]))
  }

  /// What is the program's own text stays as it is.
  @Test(arguments: [
    ["--help"], ["help", "generate"], ["train", "--help"], ["--version"],
    ["--generate-completion-script", "bash"], ["--generate-completion-script", "zsh"],
    ["--generate-completion-script", "fish"],
  ])
  func helpAndScriptsStay(arguments: [String]) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(!result.output.isEmpty && !result.output.contains("\\u{"))
  }
}
