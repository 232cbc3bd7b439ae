import Foundation
import Testing

/// Tables that take more than their share of memory.
@Suite struct LargeTableTests {
  let folder: TemporaryFolder
  let rows: String
  let configuration: String

  init() throws {
    folder = try TemporaryFolder()
    let lines = (0..<6000).map { row in
      "\(["red", "green", "blue"][row * 7 % 3]),\(Double(row * 7919 % 9973) / 8),\(row % 31)"
    }
    rows = "colour,size,age\n" + lines.joined(separator: "\n") + "\n"
    try folder.put(Array(rows.utf8), "rows.csv")
    configuration = try TinyData.putConfiguration(into: folder, given: "colour", training: [])
  }

  private func arguments(_ output: String, _ data: String? = nil, _ more: String...) -> [String] {
    [
      "train", data ?? folder.file("rows.csv"), "--given", "colour", "--config", configuration,
      "--epochs", "2", "--output", folder.file(output),
    ] + more
  }

  @Test func limitIsSaidAndDecides() throws {
    let small = try Command.run(arguments("small", nil, "--memory", "1K"))
    #expect(small.status == 0, "\(small.errors)")
    #expect(small.errors.contains("rows.csv takes more than 1 KiB of memory"))
    #expect(try folder.names(in: "small").contains("table.cache"))
    let large = try Command.run(arguments("large", nil, "--memory", "1G"))
    #expect(large.status == 0 && !large.errors.contains("of memory"), "\(large.errors)")
    #expect(try !folder.names(in: "large").contains("table.cache"))
    for wrong in ["0", "12", "-3G", "101%", "many"] {
      try Command.run(arguments("wrong", nil, "--memory=\(wrong)")).expectRefusal(
        status: 64, "--memory", "expected a size such as 400M")
    }
  }

  @Test func limitCanBeAShareOfFreeMemory() throws {
    let result = try Command.run(arguments("run", nil, "--memory", "0.00001%"))
    #expect(result.status == 0 && result.errors.contains("of memory"), "\(result.errors)")
  }

  @Test func resumedRunHasTheSameBytes() throws {
    let whole = try Command.run(arguments("whole", nil, "--memory", "1K"))
    #expect(whole.status == 0, "\(whole.errors)")
    let process = try Command.start(arguments("parts", nil, "--memory", "1K"))
    while process.isRunning, !folder.exists("parts/metrics.jsonl") { usleep(1000) }
    process.send(SIGKILL)
    _ = process.finish()
    // However much memory there is now, and though the rows are gone.
    try FileManager.default.removeItem(atPath: folder.file("parts/table.cache"))
    let resumed = try Command.run(
      "train", "--output", folder.file("parts"), "--resume", "--memory", "1G")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try folder.bytes("parts/model.safetensors") == folder.bytes("whole/model.safetensors"))
  }

  /// At several moments while the rows are read and written.
  @Test(arguments: [1, 20, 60, 120, 250])
  func killedWriterLeavesNothingTrusted(milliseconds: UInt32) throws {
    let process = try Command.start(arguments("run", nil, "--memory", "1K"))
    usleep(1000 * milliseconds)
    process.send(SIGKILL)
    _ = process.finish()
    let again = try Command.run(arguments("run", nil, "--memory", "1K", "--overwrite"))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.names(in: "run/table.cache") == ["table.rows"])
    let whole = try Command.run(arguments("whole", nil, "--memory", "1K"))
    #expect(whole.status == 0)
    #expect(
      try folder.bytes("run/model.safetensors") == folder.bytes("whole/model.safetensors"))
  }

  @Test func damagedAndChangedRowsAreReadAgain() throws {
    #expect(try Command.run(arguments("run", nil, "--memory", "1K")).status == 0)
    let model = try folder.bytes("run/model.safetensors")
    let path = folder.file("run/table.cache/table.rows")
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[100] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let again = try Command.run(arguments("run", nil, "--memory", "1K", "--overwrite"))
    #expect(again.status == 0 && again.errors.contains("is damaged"), "\(again.errors)")
    #expect(try folder.bytes("run/model.safetensors") == model)
    try folder.put(Array(rows.replacingOccurrences(of: ",30\n", with: ",29\n").utf8), "rows.csv")
    let changed = try Command.run("train", "--output", folder.file("run"), "--resume")
    #expect(changed.status == 1, "\(changed.errors)")
    #expect(changed.errors.contains("the run was started on data with the fingerprint"))
    #expect(changed.errors.contains("was made from other data"))
  }

  /// Rows of a run that was replaced by one that needs none don't stay.
  @Test func rowsOfAnOlderRunGo() throws {
    #expect(try Command.run(arguments("run", nil, "--memory", "1K")).status == 0)
    try folder.put([1, 2], "run/table.cache/.table.rows.partial-2147483")
    let again = try Command.run(arguments("run", nil, "--memory", "1G", "--overwrite"))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try !folder.names(in: "run").contains("table.cache"))
  }

  @Test func pipeIsReadOnce() throws {
    let piped = try Command.shell(
      "cat \"$1\" | \"$0\" train - --given colour --config \"$2\" --epochs 2 --memory 1K --output \"$3\"",
      folder.file("rows.csv"), configuration, folder.file("piped"))
    #expect(piped.status == 0, "\(piped.errors)")
    let file = try Command.run(arguments("file", nil, "--memory", "1K"))
    #expect(file.status == 0)
    #expect(
      try folder.bytes("piped/model.safetensors") == folder.bytes("file/model.safetensors"))
    // It goes on without the pipe.
    let resumed = try Command.run("train", "--output", folder.file("piped"), "--resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
  }

  @Test func evaluationFindsTheTestSplit() throws {
    #expect(try Command.run(arguments("run", nil, "--memory", "1K")).status == 0)
    let evaluate = [
      "evaluate", folder.file("run"), folder.file("rows.csv"), "--only", "bounds", "--json",
    ]
    let stored = try Command.run(evaluate)
    #expect(stored.status == 0, "\(stored.errors)")
    try FileManager.default.removeItem(atPath: folder.file("run/table.cache"))
    let memory = try Command.run(evaluate)
    #expect(memory.status == 0 && memory.output == stored.output, "\(memory.errors)")
  }
}
