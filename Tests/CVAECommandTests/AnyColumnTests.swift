import Foundation
import Testing

/// A table of which any column may be given, some cells of which are missing.
@Suite(.sharedRun(.holes)) struct AnyColumnTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  @Test func trainingSaysWhatItFound() {
    #expect(run.errors.contains("  kind: a category of 3 levels"), "\(run.errors)")
    #expect(run.errors.contains(" % missing"), "\(run.errors)")
  }

  private func generate(_ arguments: String...) throws -> (rows: [[String]], errors: String) {
    let made = try Command.run(
      ["generate", run.path] + arguments + ["--output", folder.file("rows.csv")])
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

  @Test func whatIsMissingMayBeGiven() throws {
    let light = try generate("--count", "60", "--given", "weight=missing")
    #expect(light.rows.count == 60 && light.rows.allSatisfy { $0[2].isEmpty && !$0[0].isEmpty })
    let all = try generate(
      "--count", "20", "--given", "kind=*", "--given", "weight=", "--given", "size=2..3.5")
    #expect(all.rows.count == 60 && all.rows.allSatisfy { $0[2].isEmpty })
    #expect(all.rows.allSatisfy { Double($0[0]).map { (2...3.5).contains($0) } == true })
    #expect(Set(all.rows.map { $0[1] }) == ["small", "large", "odd"])
    let none = try generate(
      "--count", "20", "--no-missing", "--given", "kind=missing", "--given", "weight=15..20")
    #expect(none.rows.count == 20 && none.rows.allSatisfy { $0[1].isEmpty && !$0[2].isEmpty })
    for word in ["size=missing", "size="] {
      try Command.run(
        "generate", run.path, "--given", word, "--output", folder.file("none.csv")
      ).expectRefusal(
        "'size': expected a value of a number, or any, got a missing value, which no training record has."
      )
    }
  }

  @Test func holesAreFilledAndTheRestStays() throws {
    let table = run.data
    let result = try Command.run(
      "complete", run.path, table, "--samples", "3", "--uncertainty", "--output",
      folder.file("filled.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let before = try run.folder.lines("holes.csv").dropFirst().map {
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
      "complete", run.path, table, "--output", folder.file("once.csv"))
    #expect(one.status == 0, "\(one.errors)")
    #expect(try folder.lines("once.csv")[0] == "id,size,kind,weight")
    // A column that was left out can't be given; tabs part the cells of a .tsv.
    try Command.run(
      "generate", run.path, "--given", "id=3", "--output", folder.file("none.csv")
    ).expectRefusal(
      "Column 'id' was left out when this model was trained, as it numbers the records: each value is one "
        + "more than the last, so it can't be given; others can: 'size', 'kind', 'weight'.")
    let tabs = try Command.run(
      "generate", run.path, "--count", "2", "--output", folder.file("rows.tsv"))
    #expect(tabs.status == 0)
    #expect(
      try folder.lines("rows.tsv").filter { !$0.isEmpty }.allSatisfy { line in
        line.count { $0 == "\t" } == 2
      })
    let unknown = try folder.put("id,size,kind,weight\n1,2.0,huge,\n".utf8, "unknown.csv")
    try Command.run(
      "complete", run.path, unknown, "--output", folder.file("none.csv")
    ).expectRefusal(
      "unknown.csv, line 2, column 3: expected a level of 'kind' that the model knows")
    #expect(!folder.exists("none.csv"))
  }

  /// Columns that the model has no field for stay as they are, which is said.
  @Test func whatIsNotFilledIsNamed() throws {
    let table = try folder.put(
      "id,size,kind,weight\n,2.0,,\n\"\",2.0,small,9.0\nNA,3.0,small,\n".utf8, "holes.csv")
    let result = try Command.run(
      "complete", run.path, table, "--output", folder.file("filled.csv"))
    #expect(
      result.errors.contains(
        "2 of 3 rows had missing cells, which were filled. Columns that the model has no field for stay as "
          + "they are: 'id' (2 missing cells)."), "\(result.errors)")
    let whole = try Command.run(
      "complete", run.path, run.data, "--output", folder.file("filled.csv"))
    #expect(!whole.errors.contains("stay as"), "\(whole.errors)")
  }

  /// A table has no pixels.
  @Test func masksAreRefused() throws {
    try Command.run("evaluate", run.path, run.data, "--mask", "top").expectRefusal(
      "--mask is for pictures; leave it out for a table")
  }

  /// The same records under another schema are other data, and the warning says what that may be.
  @Test func anotherSchemaIsGuessed() throws {
    let table = try folder.put(Array(run.folder.bytes("holes.csv")), "holes.csv")
    try folder.put("fields: {weight: {missing: ['3.0']}}".utf8, "schema.yaml")
    let arguments = ["--only", "bounds", "--samples", "1"]
    let result = try Command.run(["evaluate", run.path, table] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "all 300 records are scored. They are as many; the same records read with another schema.yaml "
          + "count as others."), "\(result.errors)")
    let fewer = try folder.put(
      (run.folder.lines("holes.csv").prefix(200).joined(separator: "\n") + "\n").utf8, "fewer.csv")
    let other = try Command.run(["evaluate", run.path, fewer] + arguments)
    #expect(other.errors.contains("all 199 records are scored."), "\(other.errors)")
    #expect(!other.errors.contains("as many"), "\(other.errors)")
  }

  @Test func rareLevelsAreBroughtToTheCountOfTheLargest() throws {
    let table = run.data
    let result = try Command.run(
      "generate", run.path, "--like", table, "--balance", "kind", "--output",
      folder.file("augmented.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let (before, after) = (try run.folder.lines("holes.csv"), try folder.lines("augmented.csv"))
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
      "generate", run.path, "--balance", "kind", "--output", folder.file("x.csv")
    ).expectRefusal(status: 64, "--like TABLE and --balance FIELD go together.")
  }

  @Test func syntheticRowsAreHeldAgainstRealOnes() throws {
    let table = run.data
    let result = try Command.run(
      "evaluate", run.path, table, "--only", "fidelity", "--target", "weight", "--json")
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
    #expect(
      !requests.isEmpty && requests.allSatisfy { $0["honoured"] as? Double == 1 }, "\(requests)")
    let imputation = try #require(study["imputation"] as? [String: Any])
    let errors = try #require(imputation["numberError"] as? [String: Double])
    // Size and weight tell each other.
    #expect(try #require(errors["model"]) < 0.9 * #require(errors["average"]), "\(errors)")
    #expect(study["privacy"] != nil && study["detectionAUC"] is Double)
    let page = try Command.run("report", run.path, table, "--only", "fidelity")
    #expect(page.status == 0, "\(page.errors)")
    let html = try String(contentsOfFile: run.folder.file("run/report.html"), encoding: .utf8)
    #expect(html.contains("How columns depend on each other"))
    #expect(html.contains("filling 20 % of cells") && html.contains(">privacy</th>"))
    #expect(html.contains("<h1>holes.csv, any column given</h1>"))
    try Command.run(
      "evaluate", run.path, table, "--target", "weigth"
    ).expectRefusal("weigth", afterProgress: true)
  }

  /// The rows of another table are the real ones; what needs training records is said to be left out.
  @Test func syntheticRowsAreHeldAgainstAnotherTable() throws {
    let lines = try run.folder.lines("holes.csv").filter { !$0.isEmpty }
    let other = try folder.put(
      (lines[..<101].joined(separator: "\n") + "\n").utf8, "other.csv")
    let page = folder.file("other.html")
    let result = try Command.run(
      "report", run.path, other, "--samples", "1", "--output", page)
    #expect(result.status == 0, "\(result.errors)")
    #expect(!result.errors.contains("fidelity is not judged"), "\(result.errors)")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<h1>holes.csv, any column given</h1>"))
    #expect(html.contains("on all 100 records of other.csv."))
    #expect(html.contains("100 real, 100 synthetic"))
    #expect(html.contains("How columns depend on each other"))
    // Learning curve, map, columns, associations.
    #expect(html.components(separatedBy: "<img ").count == 5)
    let sentence = "what needs training records is left out"
    #expect(html.components(separatedBy: sentence).count == 2)
    #expect(!html.contains(">privacy</th>") && !html.contains("filling 20 %"))
    let judged = try Command.run(
      "evaluate", run.path, other, "--only", "fidelity", "--target", "weight", "--json")
    #expect(judged.status == 0, "\(judged.errors)")
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(judged.output.utf8)) as? [String: Any])
    let study = try #require(whole["fidelity"] as? [String: Any])
    #expect(study["privacy"] is NSNull && study["imputation"] is NSNull)
    let requests = try #require(study["requests"] as? [[String: Any]])
    #expect(
      !requests.isEmpty
        && requests.allSatisfy { $0["honoured"] as? Double == 1 && $0["baseline"] is NSNull })
  }

  @Test func aTableOfAnyColumnHasNoStyleToTransfer() throws {
    let table = run.data
    try Command.run(
      "transfer", run.path, table, "--given", "kind=odd", "--output",
      folder.file("x.csv")
    ).expectRefusal("expected a model with given fields")
    let semicolons = try folder.put("a;b\n1;2\n".utf8, "semicolons.csv")
    try Command.run(
      "train", semicolons, "--given", "any", "--output", folder.file("other")
    ).expectRefusal("names separated by commas")
  }
}
