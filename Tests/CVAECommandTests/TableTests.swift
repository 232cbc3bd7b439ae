import Foundation
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

  @Test func rowsComeBackOnTheirGrid() throws {
    let trained = try train(putTable())
    #expect(trained.status == 0, "\(trained.errors)")
    for words in [
      "column 'id' is left out, as it numbers the records",
      "  cut: given, a category of 3 levels: Fair, Good, very, Ideal",
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
      #expect(["0.5", "0.0"].contains(cells[3]), "A value that records share comes back as it is.")
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

  // MARK: Any column given

  /// Holes in a number and a category.
  private func putHoles() throws -> String {
    var rows = ["id,size,kind,weight"]
    for index in 0..<300 {
      let size = 1 + Double(index * 7 % 90) / 10
      let kind = ["small", "large", "odd"][size < 4 ? 0 : index % 10 == 0 ? 2 : 1]
      let weight = String(format: "%.1f", 3 * size + Double(index % 5) / 10)
      rows.append(
        "\(index),\(String(format: "%.1f", size)),\(index % 6 == 1 ? "" : kind),"
          + (index % 4 == 3 ? "NA" : weight))
    }
    return try folder.put((rows.joined(separator: "\n") + "\n").utf8, "holes.csv")
  }

  private func trainAny(_ table: String) throws {
    let trained = try Command.run(
      "train", table, "--given", "any", "--epochs", "30", "--batch", "50", "--output",
      folder.file("run"))
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("  kind: a category of 3 levels"), "\(trained.errors)")
    #expect(trained.errors.contains(" % missing"), "\(trained.errors)")
  }

  private func generate(_ arguments: String...) throws -> (rows: [[String]], errors: String) {
    let made = try Command.run(
      ["generate", folder.file("run")] + arguments + ["--output", folder.file("rows.csv")])
    #expect(made.status == 0, "\(made.errors)")
    let lines = try folder.lines("rows.csv")
    #expect(lines[0] == "size,kind,weight")
    return (
      lines.dropFirst().map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      },
      made.errors
    )
  }

  @Test func anyColumnMayBeGivenByValueRangeAndSet() throws {
    try trainAny(putHoles())
    let free = try generate("--count", "200")
    #expect(free.rows.count == 200)
    #expect(free.rows.contains { $0[1].isEmpty } && free.rows.contains { $0[2].isEmpty })
    #expect(free.rows.allSatisfy { !$0[0].isEmpty }, "Sizes were never missing.")
    let whole = try generate("--count", "200", "--no-missing")
    #expect(whole.rows.allSatisfy { !$0.contains("") })
    let exact = try generate("--count", "60", "--given", "kind=odd", "--given", "size=4.5")
    #expect(exact.rows.allSatisfy { $0[0] == "4.5" && $0[1] == "odd" })
    let loose = try generate("--count", "80", "--given", "kind=odd|small", "--given", "size=2..3.5")
    #expect(loose.rows.allSatisfy { ["odd", "small"].contains($0[1]) })
    #expect(Set(loose.rows.map { $0[1] }).count == 2)
    let sizes = loose.rows.compactMap { Double($0[0]) }
    #expect(sizes.count == 80 && sizes.allSatisfy { (2...3.5).contains($0) })
    #expect(Set(sizes).count > 5)
    // Weight is three times size: what is asked of both must go together.
    let both = try generate("--count", "60", "--given", "size=1..9.9", "--given", "weight=20..32")
    let implied = both.rows.compactMap { Double($0[0]) }
    #expect(implied.count == 60 && implied.reduce(0, +) / 60 > 5.5, "\(implied)")
    let between = try generate("--count", "2", "--given", "size=2.31..2.34")
    #expect(
      between.errors.contains(
        "no number that 'size' can have lies in 2.31..2.34; it is written as 2.3"),
      "\(between.errors)")
    let outside = try generate("--count", "2", "--given", "weight=60..90")
    #expect(outside.errors.contains("'weight' = 90.0 lies outside"), "\(outside.errors)")
    #expect(
      outside.errors.contains("lies outside of the trained range")
        && outside.errors.contains("by "),
      "\(outside.errors)")
  }

  @Test func holesAreFilledAndTheRestStays() throws {
    let table = try putHoles()
    try trainAny(table)
    let result = try Command.run(
      "complete", folder.file("run"), table, "--samples", "3", "--uncertainty", "--output",
      folder.file("filled.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let before = try folder.lines("holes.csv").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let lines = try folder.lines("filled.csv")
    #expect(
      lines[0] == "sample,id,size,kind,weight,size uncertainty,kind uncertainty,weight uncertainty")
    #expect(lines.count == 1 + 3 * before.count)
    for (place, line) in lines.dropFirst().enumerated() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      #expect(cells[0] == "\(place / before.count + 1)")
      for (column, cell) in before[place % before.count].enumerated() {
        let isHole = cell.isEmpty || cell == "NA"
        if !isHole { #expect(cells[column + 1] == cell) }
        #expect(!cells[column + 1].isEmpty && cells[column + 1] != "NA")
        if column > 0 { #expect(cells[column + 4].isEmpty == !isHole, "\(line)") }
      }
    }
    let one = try Command.run(
      "complete", folder.file("run"), table, "--output", folder.file("once.csv"))
    #expect(one.status == 0, "\(one.errors)")
    #expect(try folder.lines("once.csv")[0] == "id,size,kind,weight")
    // A column that was left out can't be given; tabs part the cells of a .tsv.
    try Command.run(
      "generate", folder.file("run"), "--given", "id=3", "--output", folder.file("none.csv")
    ).expectRefusal("Column 'id' was left out when this model was trained, so it can't be given")
    let tabs = try Command.run(
      "generate", folder.file("run"), "--count", "2", "--output", folder.file("rows.tsv"))
    #expect(tabs.status == 0)
    #expect(
      try folder.lines("rows.tsv").filter { !$0.isEmpty }.allSatisfy { line in
        line.count { $0 == "\t" } == 2
      })
    let unknown = try folder.put("id,size,kind,weight\n1,2.0,huge,\n".utf8, "unknown.csv")
    try Command.run(
      "complete", folder.file("run"), unknown, "--output", folder.file("none.csv")
    ).expectRefusal(
      "unknown.csv, line 2, column 3: expected a level of 'kind' that the model knows")
    #expect(!folder.exists("none.csv"))
  }

  @Test func rareLevelsAreBroughtToTheCountOfTheLargest() throws {
    let table = try putHoles()
    try trainAny(table)
    let result = try Command.run(
      "generate", folder.file("run"), "--like", table, "--balance", "kind", "--output",
      folder.file("augmented.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let (before, after) = (try folder.lines("holes.csv"), try folder.lines("augmented.csv"))
    #expect(Array(after.prefix(before.count)) == before)
    func counts(_ lines: [String]) -> [Substring: Int] {
      Dictionary(
        grouping: lines.dropFirst().map {
          $0.split(separator: ",", omittingEmptySubsequences: false)[2]
        }, by: { $0 }
      ).mapValues(\.count).filter { !$0.key.isEmpty }
    }
    let most = try #require(counts(before).values.max())
    #expect(counts(after).count == 3 && counts(after).values.allSatisfy { $0 == most })
    try Command.run(
      "generate", folder.file("run"), "--balance", "kind", "--output", folder.file("x.csv")
    ).expectRefusal(status: 64, "--like TABLE and --balance FIELD go together.")
  }

  @Test func syntheticRowsAreHeldAgainstRealOnes() throws {
    let table = try putHoles()
    try trainAny(table)
    let result = try Command.run(
      "evaluate", folder.file("run"), table, "--only", "fidelity", "--target", "weight", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(Array(whole.keys) == ["fidelity"])
    let study = try #require(whole["fidelity"] as? [String: Any])
    let columns = try #require(study["columns"] as? [[String: Any]])
    #expect(columns.compactMap { $0["name"] as? String } == ["size", "kind", "weight"])
    let weight = try #require(columns.last)
    // A quarter of the weights is missing.
    for key in ["missingReal", "missingSynthetic"] {
      #expect(abs(try #require(weight[key] as? Double) - 0.25) < 0.2, "\(weight)")
    }
    let requests = try #require(study["requests"] as? [[String: Any]])
    #expect(requests.allSatisfy { $0["honoured"] as? Double == 1 }, "\(requests)")
    let imputation = try #require(study["imputation"] as? [String: Any])
    let errors = try #require(imputation["numberError"] as? [String: Double])
    // Size and weight tell each other.
    #expect(try #require(errors["model"]) < 0.9 * #require(errors["average"]), "\(errors)")
    #expect(study["privacy"] != nil && study["detectionAUC"] is Double)
    let page = try Command.run("report", folder.file("run"), table, "--only", "fidelity")
    #expect(page.status == 0, "\(page.errors)")
    let html = try String(contentsOfFile: folder.file("run/report.html"), encoding: .utf8)
    #expect(html.contains("How columns hang together") && html.contains("filling 20 % of cells"))
    try Command.run(
      "evaluate", folder.file("run"), table, "--target", "weigth"
    ).expectRefusal("weigth", afterProgress: true)
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

  @Test func aTableOfAnyColumnHasNoStyleToTransfer() throws {
    let table = try putHoles()
    try trainAny(table)
    try Command.run(
      "transfer", folder.file("run"), table, "--given", "kind=odd", "--output",
      folder.file("x.csv")
    ).expectRefusal("expected a model with given fields")
    let semicolons = try folder.put("a;b\n1;2\n".utf8, "semicolons.csv")
    try Command.run(
      "train", semicolons, "--given", "any", "--output", folder.file("other")
    ).expectRefusal("names separated by commas")
  }
}
