import Testing

/// Columns that a model has and a table lacks, or has under another name, are named alike by every command.
@Suite(.sharedRun(.holes)) struct AbsentColumnTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func put(_ text: String) throws -> String { try folder.put(text.utf8, "other.csv") }

  @Test(arguments: ["evaluate", "report", "encode", "complete"])
  func areRefused(command: String) throws {
    let table = try put("Size,kind,id\n1.5,small,1\n9.0,large,2\n")
    let outputs = [
      "report": ["--output", folder.file("page.html")],
      "encode": ["--output", folder.file("z.csv")],
      "complete": ["--output", folder.file("filled.csv")],
    ]
    let result = try Command.run([command, run.path, table] + (outputs[command] ?? []))
    result.expectRefusal(
      "other.csv: expected the columns 'size' and 'weight', which the model has, got ")
    result.expectRefusal(
      "'Size'", "'kind'", "'id'", "rename 'Size' to 'size' if that is meant, or add them")
  }

  @Test func columnsNeedAValue() throws {
    let table = try put("size,weight,kind\n1.5,,small\n9.0,,large\n")
    try Command.run("evaluate", run.path, table).expectRefusal(
      "other.csv: expected a value of 'weight', which the model has, in some row, got none; fill a cell"
    )
  }

  private func classify(_ table: String) throws -> Command.Result {
    try Command.run(
      "classify", run.path, table, "--field", "kind", "--output", folder.file("p.csv"))
  }

  @Test func takeNoPartInClasses() throws {
    let lacking = try classify(put("Size,weight,kind\n1.5,4.5,small\n9.0,27.1,large\n"))
    #expect(lacking.status == 0)
    #expect(
      lacking.errors.replacing(folder.path, with: "…")
        == "warning: …/other.csv: the column 'size', which the model has, takes no part, as there are only "
        + "'Size', 'weight' and 'kind'; perhaps rename 'Size' to 'size'.\n")
    let renamed = try classify(put("size,weight,Kind\n1.5,4.5,small\n9.0,27.1,large\n"))
    #expect(
      renamed.errors.replacing(folder.path, with: "…")
        == "warning: …/other.csv: no column is called 'kind', so nothing is scored; perhaps rename 'Kind'.\n"
    )
    #expect(renamed.output.contains("2 (all), 0 of them with a known 'kind'"))
    let empty = try classify(put("size,weight,kind\n1.5,4.5,\n9.0,27.1,NA\n"))
    #expect(
      empty.errors.replacing(folder.path, with: "…")
        == "warning: …/other.csv: column 'kind' has no value in any record, so nothing is scored.\n"
    )
    // Data need have no levels.
    let bare = try classify(put("size,weight\n1.5,4.5\n9.0,27.1\n"))
    #expect(bare.status == 0 && bare.errors.isEmpty, "\(bare.errors)")
  }

  @Test func unknownLevelsHaveALine() throws {
    let table = try put("size,weight,kind\n1.5,4.5,small\n\"9.0\",27.1,\n2,6,smal\n")
    try Command.run("evaluate", run.path, table).expectRefusal(
      "other.csv, line 4, column 3: expected a level of 'kind' that the model knows, such as small, got 'smal'"
    )
  }

  /// What columns are taken for is said before training, and not again.
  @Test func columnsAreDescribedOnce() throws {
    #expect(run.errors.contains("\n  id: left out, as it numbers the records: "))
    let inspected = try Command.run("inspect", run.path)
    #expect(inspected.output.contains("\n  id: left out, as it numbers the records: "))
    #expect(inspected.output.split(separator: "\n").count < 40, "\(inspected.output)")
    let scored = try Command.run(
      "evaluate", run.path, run.data, "--samples", "1", "--only", "bounds")
    #expect(scored.status == 0 && scored.errors.isEmpty, "\(scored.errors)")
  }

  @Test func outliersHaveALine() throws {
    let table = try put("size,weight,kind\n1.5,4.5,small\n,1000,large\n")
    let filled = try Command.run(
      "complete", run.path, table, "--output", folder.file("filled.csv"))
    #expect(filled.errors.contains("other.csv, line 3: 'weight' = 1000.0 lies outside"))
    let made = try Command.run(
      "generate", run.path, "--given-from", put("weight\n4.5\n4.5\n1000\n"), "--count", "2",
      "--given",
      "size=99", "--output", folder.file("rows.csv"))
    #expect(made.errors.contains("other.csv, line 4: 'weight' = 1000.0 lies outside"))
    #expect(made.errors.contains("warning: --given: 'size' = 99.0 lies outside"), "\(made.errors)")
  }
}
