import Foundation
import TensorFiles
import Testing

/// Rows of a table, from a CSV file to a CSV file.
@Suite struct TableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Prices depend on the cut; a spike at 0, a date, an identifier.
  private func putTable() throws -> String {
    var rows = ["id,cut,carat,price,sold,discount"]
    for index in 0..<240 {
      let cut = ["Fair", "Good, very", "Ideal"][index % 3]
      let carat = 0.2 + Double(index * 7 % 100) / 50
      let price = 100 * (1 + index % 3) + index * 13 % 50
      let day = 1 + index % 28
      rows.append(
        "\(index + 1),\"\(cut)\",\(String(format: "%.2f", carat)),\(price),"
          + "2026-02-\(day < 10 ? "0" : "")\(day),\(index % 4 == 0 ? "0.5" : "0")")
    }
    return try folder.put((rows.joined(separator: "\n") + "\n").utf8, "stones.csv")
  }

  private func train(_ table: String) throws -> Command.Result {
    try Command.run(
      "train", table, "--given", "cut", "--epochs", "20", "--batch", "40", "--output",
      folder.file("run"))
  }

  /// Each record has a file of its own, whatever its level is called, and none is hidden.
  @Test func levelsThatAreNoNamesOfFiles() throws {
    let levels = ["a/b", "a b", "..", ".hidden", String(repeating: "ä", count: 150)]
    let rows = (0..<100).map { "\(levels[$0 % 5]),\($0 * 7 % 30)" }
    let table = try folder.put((["kind,size"] + rows).joined(separator: "\n").utf8, "kinds.csv")
    let trained = try Command.run(
      "train", table, "--given", "kind", "--epochs", "1", "--output", folder.file("run"))
    #expect(trained.status == 0, "\(trained.errors)")
    let result = try Command.run(
      "generate", folder.file("run"), "--given", "kind=*", "--count", "2", "--output",
      folder.file("records"))
    #expect(result.status == 0, "\(result.errors)")
    let long = String(repeating: "ä", count: 100)
    #expect(
      try folder.names(in: "records")
        == [
          "-.-0.json", "-.-1.json", "-hidden-0.json", "-hidden-1.json", "a-b-0-2.json",
          "a-b-0.json", "a-b-1-2.json", "a-b-1.json", "\(long)-0.json", "\(long)-1.json",
        ])
  }

  /// Columns are called as layers of the networks are.
  @Test func columnsThatAreCalledLikeLayers() throws {
    let rows = (0..<60).map { "\($0 % 2),\($0 * 7 % 30),\($0 % 5),\($0 % 3)" }
    let table = try folder.put(
      (["state,weight,output,seen"] + rows).joined(separator: "\n").utf8, "states.csv")
    let trained = try Command.run(
      "train", table, "--given", "any", "--epochs", "1", "--output", folder.file("run"))
    #expect(trained.status == 0, "\(trained.errors)")
    let result = try Command.run(
      "generate", folder.file("run"), "--count", "3", "--output", folder.file("rows.csv"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.lines("rows.csv").first == "state,weight,output,seen")
  }

  /// Whole numbers are whole in an archive, unless its integers can't hold them.
  @Test func wholeNumbersOfAnySize() throws {
    let rows = (0..<60).map { "\($0 * 7 % 50),\($0 % 3).5" }
    let table = try folder.put((["count,size"] + rows).joined(separator: "\n").utf8, "rows.csv")
    let run = folder.file("run")
    let trained = try Command.run(
      "train", table, "--given", "count", "--epochs", "1", "--output", run)
    #expect(trained.status == 0, "\(trained.errors)")
    for (number, values) in [
      ("7", .int64([7, 7])), ("1e19", .float64([1e19, 1e19])),
    ] as [(String, NPZArray.Values)] {
      let made = try Command.run(
        "generate", run, "--given", "count=\(number)", "--count", "2", "--output",
        folder.file("rows.npz"))
      #expect(made.status == 0, "\(made.errors)")
      #expect(try NPZ.read(folder.file("rows.npz")).first?.values == values)
    }
  }

  /// A program for each of so many threads would take minutes and gigabytes.
  @Test(.timeLimit(.minutes(1))) func moreThreadsThanThereAreProcessors() throws {
    let rows = (0..<60).map { "\($0 * 7 % 50),\($0 % 3).5" }
    let table = try folder.put((["count,size"] + rows).joined(separator: "\n").utf8, "rows.csv")
    let run = folder.file("run")
    let trained = try Command.run(
      "train", table, "--given", "any", "--epochs", "1", "--output", run)
    #expect(trained.status == 0, "\(trained.errors)")
    func generate(_ threads: String) throws -> Command.Result {
      try Command.run(
        "generate", run, "--count", "5", "--threads", threads, "--output", folder.file("made.csv"))
    }
    try generate("9999").expectRefusal(status: 64, "--threads must be at most 1024, not 9999.")
    let made = try generate("1024")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try folder.lines("made.csv").count == 6)
  }

  /// Rows whose groups share z, with holes in what is generated.
  @Test func groupsOfRowsWithHoles() throws {
    let rows = (0..<400).map { row in
      "shop \(row / 4),\(["x", "y"][row % 2]),\(row % 5 == 0 ? "" : String(row * 7 % 30))"
    }
    let table = try folder.put((["shop,kind,sold"] + rows).joined(separator: "\n").utf8, "t.csv")
    let run = folder.file("run")
    let trained = try Command.run(
      "train", table, "--given", "kind", "--group", "shop", "--epochs", "2", "--output", run)
    #expect(trained.status == 0, "\(trained.errors)")
    let made = try Command.run(
      "generate", run, "--given", "kind=x", "--count", "40", "--output", folder.file("made.csv"))
    #expect(made.status == 0, "\(made.errors)")
    let lines = try folder.lines("made.csv").dropFirst()
    #expect(lines.count == 40 && lines.contains("x,") && lines.contains { $0 != "x," })
    let judged = try Command.run("evaluate", run, table, "--only", "fidelity")
    #expect(judged.status == 0, "\(judged.errors)")
    #expect(!judged.output.contains("shop"), "\(judged.output)")
  }

  @Test func manyColumnsAreNotAllDescribed() throws {
    let names = (1...103).map { "c\($0)" }
    let rows = (0..<20).map { row in names.indices.map { "\((row + $0) % 2)" } }
    let table = try folder.put(
      ([names] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n").utf8, "wide.csv")
    let trained = try Command.run(
      "train", table, "--given", "c1", "--epochs", "1", "--output", folder.file("run"))
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("  c100: "))
    #expect(trained.errors.contains("  … and 3 more, which 'cvae inspect' lists"))
    #expect(!trained.errors.contains("  c101: "))
    let inspected = try Command.run("inspect", folder.file("run"))
    #expect(inspected.output.contains("  c103: "))
  }

  /// A date alone is all times of its day, also where a range ends with it.
  @Test func aDateIsAWholeDay() throws {
    let rows = (0..<120).map { row in
      "2026-05-0\(1 + row % 6) \(10 + row % 13):\(10 + row * 7 % 50):00,\(row % 2)"
    }
    let table = try folder.put((["sold,kind"] + rows).joined(separator: "\n").utf8, "sold.csv")
    let run = folder.file("run")
    let trained = try Command.run(
      "train", table, "--given", "any", "--epochs", "1", "--output", run)
    #expect(trained.status == 0, "\(trained.errors)")
    for (given, days) in [
      ("2026-05-03", ["2026-05-03"]), ("2026-05-03..2026-05-04", ["2026-05-03", "2026-05-04"]),
    ] {
      let made = try Command.run(
        "generate", run, "--given", "sold=\(given)", "--count", "100", "--output",
        folder.file("made.csv"))
      #expect(made.status == 0, "\(made.errors)")
      let times = try folder.lines("made.csv").dropFirst().map { $0.prefix { $0 != "," } }
      #expect(Set(times.map { String($0.prefix(10)) }).sorted() == days)
      #expect(times.count == 100 && Set(times).count > 20)
    }
    try Command.run(
      "generate", run, "--given", "sold=2026-05-03|2026-05-04", "--output", folder.file("no.csv")
    ).expectRefusal("or 'any', as sets are for categories, got '2026-05-03|2026-05-04'")
  }

  /// What takes no part stands in the list of the columns, with the reason; many are counted.
  @Test func whatTakesNoPartIsListed() throws {
    let names = ["kind", "price", "shop", "day"] + (1...40).map { "t\($0)" }
    let rows = (0..<60).map { row in
      ["\(row % 2)", [7: "cheap", 11: "NA"][row] ?? "\(row % 10)", "s\(row % 3)", "\(row % 4)"]
        + (1...40).map { "text-\(row)-\($0)" }
    }
    let table = try folder.put(
      ([names] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n").utf8, "wide.csv")
    let trained = try Command.run(
      "train", table, "--given", "kind", "--ignore", "shop", "--split-by", "day", "--epochs", "1",
      "--output",
      folder.file("run"))
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(!trained.errors.contains("wide.csv: column"), "\(trained.errors)")
    for line in [
      "  t1: left out, as all of its texts differ; if they are texts, say "
        + "'kind: text' in schema.yaml",
      "  … and 12 more that are left out",
    ] { #expect(trained.errorLines.contains(line), "\(trained.errors)") }
    #expect(
      trained.errors.contains(
        "; it is taken as a category; nearly all are numbers, but 'cheap' in line 9 is not; "),
      "\(trained.errors)")
    // The share is of the records that are counted, whichever split they are in.
    #expect(trained.errors.contains("; 1.7 % missing: 1 'NA'"), "\(trained.errors)")
    #expect(!trained.errorLines.contains { $0.hasPrefix("  t31: ") })
    let few = try folder.put(
      ([names] + rows).map { $0.prefix(4).joined(separator: ",") }.joined(separator: "\n").utf8,
      "few.csv")
    let other = try Command.run(
      "train", few, "--given", "kind", "--ignore", "shop", "--split-by", "day", "--epochs", "1",
      "--output",
      folder.file("few"))
    for line in [
      "  shop: left out, as it is to be ignored", "  day: left out: records are only split by it",
    ] { #expect(other.errorLines.contains(line), "\(other.errors)") }
  }

  /// A column that became no field can't be given, and few rows allow less.
  @Test func namesAndNumbersThatDoNotSuffice() throws {
    let table = try putTable()
    try Command.run(
      "train", table, "--given", "id", "--output", folder.file("run")
    ).expectRefusal(
      "stones.csv: column 'id' is left out, as it numbers the records: each value is one more than the last, so "
        + "it can't be named; name another, or say in schema.yaml what it is.")
    let lines = try folder.lines("stones.csv")
    try folder.put(lines.prefix(13).joined(separator: "\n").utf8, "tiny.csv")
    let tiny = try Command.run(
      "train", folder.file("tiny.csv"), "--given", "cut", "--epochs", "1", "--output",
      folder.file("run"))
    #expect(tiny.status == 0, "\(tiny.errors)")
    #expect(
      tiny.errors.contains(
        " training records are few: columns that decide others are only found among at least 40, and validation "
          + "on 1 record says little.\n"), "\(tiny.errors)")
  }

  /// Ctrl-C before the first step leaves no folder behind, nor a lock in one that was there.
  @Test(.timeLimit(.minutes(1)), arguments: [false, true])
  func interruptionBeforeTheFirstStep(isThere: Bool) throws {
    // The data never come.
    let data = folder.file("data.csv")
    #expect(mkfifo(data, 0o600) == 0)
    let writer = open(data, O_RDWR | O_CLOEXEC)
    defer { close(writer) }
    if isThere { #expect(mkdir(folder.file("run"), 0o700) == 0) }
    let process = try Command.Running(
      URL(fileURLWithPath: "/bin/bash"),
      [
        "-c", "exec \"$0\" train - --given a --output \"$2\" < \"$1\"", Command.executable().path,
        data,
        folder.file("run"),
      ])
    while process.isRunning, !folder.exists("run/.cvae.lock") { usleep(2000) }
    process.send(SIGINT)
    let result = process.finish()
    #expect(result.status == 130 && result.output.isEmpty, "\(result.status) \(result.errors)")
    #expect(try folder.names(in: "") == ["data.csv"] + (isThere ? ["run"] : []))
    if isThere { #expect(try folder.names(in: "run").isEmpty) }
  }

  @Test func rowsComeBackOnTheirGrid() throws {
    let trained = try train(putTable())
    #expect(trained.status == 0, "\(trained.errors)")
    for words in [
      "  id: left out, as it numbers the records",
      "  cut: given, a category of 3 levels: Fair, 'Good, very', Ideal",
      "  carat: generated, a number, 2 decimals, 0.20 to 2.18",
      "  price: generated, an integer, 100 to 349",
      "  sold: generated, a date, 2026-02-01 to 2026-02-28",
    ] {
      #expect(trained.errors.contains(words), "\(trained.errors)")
    }
    let made = try Command.run(
      "generate", folder.file("run"), "--given", "cut=Good, very", "--count", "50", "--output",
      folder.file("rows.csv"))
    #expect(made.status == 0, "\(made.errors)")
    let lines = try folder.lines("rows.csv")
    #expect(lines[0] == "cut,carat,price,sold,discount")
    #expect(lines.count == 51)
    for line in lines.dropFirst() {
      #expect(line.hasPrefix("\"Good, very\","))
      let cells = line.dropFirst("\"Good, very\",".count).split(separator: ",")
      #expect(cells.count == 4)
      let carat = try #require(Double(cells[0]))
      #expect((0.2...2.18).contains(carat) && cells[0].split(separator: ".")[1].count == 2)
      #expect((100...349).contains(try #require(Int(cells[1]))))
      #expect(cells[2].hasPrefix("2026-02-") && cells[2].count == 10)
      #expect(["0.5", "0"].contains(cells[3]), "A value that records share comes back as it is.")
    }
    // Another file's dates begin on another day; its scores are those of the same rows.
    let table = try folder.lines("stones.csv")
    let later = table.filter { !$0.contains("2026-02-01") && !$0.contains("2026-02-02") }
    try folder.put((later.joined(separator: "\n") + "\n").utf8, "later.csv")
    let other = try Command.run(
      "evaluate", folder.file("run"), folder.file("later.csv"), "--split", "all", "--json")
    let score = try #require(other.output.firstMatch(of: /"logLikelihood":{"mean":(-?[0-9.]+)/))
    #expect(try #require(Double(score.1)) > -60, "\(other.output)")
    let scored = try Command.run(
      "evaluate", folder.file("run"), folder.file("stones.csv"), "--json")
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(scored.output.contains("\"logLikelihood\""))
  }

  @Test func datesAreGivenAsDates() throws {
    let table = try putTable()
    let trained = try Command.run(
      "train", table, "--given", "cut, sold", "--epochs", "1", "--batch", "40", "--output",
      folder.file("run"))
    #expect(trained.status == 0, "\(trained.errors)")
    func generate(_ value: String) throws -> Command.Result {
      try Command.run(
        "generate", folder.file("run"), "--given", "sold=\(value)", "--count", "3", "--output",
        folder.file("rows.csv"))
    }
    let made = try generate("2026-02-11")
    #expect(made.status == 0, "\(made.errors)")
    let rows = try folder.lines("rows.csv").dropFirst()
    #expect(rows.count == 3 && rows.allSatisfy { $0.contains(",2026-02-11,") }, "\(rows)")
    try generate("11.2.").expectRefusal(
      "'sold': expected a date such as 2026-02-01, a range such as 'low..high', or 'any', got '11.2.'"
    )
  }

  @Test func brokenTablesAreRefused() throws {
    let path = try folder.put("a,b\n1,2\n3\n".utf8, "broken.csv")
    let result = try train(path)
    result.expectRefusal("broken.csv, line 3: expected 2 cells, as many as there are column names")
    #expect(!folder.exists("run"))
  }

  @Test func aTableTakesOneThreadUnlessToldOtherwise() throws {
    let arguments = [
      "train", try putTable(), "--given", "cut", "--epochs", "1", "--output", folder.file("run"),
    ]
    let usual = try Command.run(arguments, processors: 3)
    #expect(usual.errors.contains("float32, 1 thread."), "\(usual.errors)")
    let told = try Command.run(arguments + ["--overwrite", "--threads", "2"], processors: 3)
    #expect(told.errors.contains("float32, 2 threads."), "\(told.errors)")
    let configuration = try folder.put("given: [cut]\n".utf8, "run.yaml")
    let configured = try Command.run(
      arguments + ["--overwrite", "--config", configuration], processors: 3)
    #expect(configured.errors.contains("float32, 3 threads."), "\(configured.errors)")
  }

  @Test(arguments: ["100", "1024"])
  func manyMoreThreadsThanProcessorsWork(threads: String) throws {
    let (table, run) = (try putTable(), folder.file("run"))
    let trained = try Command.run(
      "train", table, "--given", "cut", "--epochs", "1", "--output", run, "--threads", threads)
    #expect(trained.status == 0, "\(trained.errors)")
    let made = try Command.run(
      "generate", run, "--given", "cut=*", "--count", "2", "--output", folder.file("rows.csv"),
      "--threads", threads)
    #expect(made.status == 0, "\(made.errors)")
    #expect(folder.exists("rows.csv"))
  }

  @Test func fieldsMayBeGivenOneByOne() throws {
    let table = try putTable()
    let names = try String(contentsOfFile: table, encoding: .utf8).prefix { $0 != "\n" }
      .split(separator: ",").suffix(2).map(String.init)
    let together = try Command.run(
      "train", table, "--given", names.joined(separator: ","), "--epochs", "1", "--output",
      folder.file("together"))
    let apart = try Command.run(
      "train", table, "--given", names[0], "--given", names[1], "--epochs", "1", "--output",
      folder.file("apart"))
    #expect(together.status == 0 && apart.status == 0, "\(apart.errors)")
    let models = try ["together", "apart"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\($0)/model.safetensors")))
    }
    #expect(models[0] == models[1])
  }

  @Test func whatIsGivenOfASingleColumnHolds() throws {
    let table = try folder.put(
      ("kind\n" + (0..<60).map { ["odd", "even"][$0 % 2] }.joined(separator: "\n") + "\n").utf8,
      "one.csv")
    let trained = try Command.run(
      "train", table, "--given", "any", "--epochs", "2", "--output", folder.file("run"))
    #expect(trained.status == 0)
    let result = try Command.run(
      "generate", folder.file("run"), "--given", "kind=even", "--count", "30", "--output",
      folder.file("one-rows.csv"))
    #expect(result.status == 0)
    #expect(
      try folder.lines("one-rows.csv").dropFirst().filter { !$0.isEmpty }.allSatisfy {
        $0 == "even"
      })
  }
}
