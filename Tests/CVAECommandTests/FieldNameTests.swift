import Foundation
import TensorFiles
import Testing

/// Fields that are called as the program calls something of its own.
@Suite struct FieldNameTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func put(_ name: String, header: String, row: (Int) -> String) throws -> String {
    let rows = [header] + (0..<60).map(row)
    return try folder.put((rows.joined(separator: "\n") + "\n").utf8, name)
  }

  private func run(
    _ arguments: String..., at location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 0, "\(result.errors)", sourceLocation: location)
  }

  private func train(_ data: String, given: String, at location: SourceLocation = #_sourceLocation)
    throws -> String
  {
    let run = folder.file("run")
    try self.run(
      "train", data, "--given", given, "--epochs", "1", "--output", run, at: location)
    return run
  }

  @Test(arguments: ["state", "any"])
  func slotsOfPrograms(given: String) throws {
    let data = try put("rows.csv", header: "state,seen,z,style") { index in
      "\(["NY", "CA", "TX"][index % 3]),\(index % 7).5,\(index % 11),\(index % 2 == 0 ? "a" : "b")"
    }
    let run = try train(data, given: given)
    try self.run(
      "generate", run, "--given", "state=NY", "--count", "5", "--output", folder.file("out.csv"))
    let lines = try folder.lines("out.csv")
    #expect(lines.count == 6 && lines[0] == "state,seen,z,style")
    #expect(lines.count > 1 && lines.dropFirst().allSatisfy { $0.hasPrefix("NY,") })
  }

  /// The model keeps whether there is a price beside a column that is called so.
  @Test func absenceBesideAColumnOfItsName() throws {
    let data = try put("rows.csv", header: "price,price is missing,kind") { index in
      "\(index % 5 == 0 ? "" : "\(index % 9).25"),\(index % 2 == 0 ? "yes" : "no"),\(["a", "b", "c"][index % 3])"
    }
    let run = try train(data, given: "any")
    try self.run(
      "generate", run, "--given", "price is missing=yes", "--no-missing", "--count", "9",
      "--output",
      folder.file("out.csv"))
    let rows = try folder.lines("out.csv").map { $0.split(separator: ",").map(String.init) }
    #expect(rows[0] == ["price", "price is missing", "kind"])
    #expect(
      rows.count > 1 && rows.dropFirst().allSatisfy { $0.count == 3 && $0[1] == "yes" }, "\(rows)")
    try self.run("complete", run, data, "--output", folder.file("filled.csv"))
    let filled = try folder.lines("filled.csv").map { $0.split(separator: ",").map(String.init) }
    #expect(filled.count == 61 && filled.allSatisfy { $0.count == 3 })
  }

  @Test func answersAreNumberedBesideAColumnOfThatName() throws {
    let data = try put("rows.csv", header: "sample,size") { index in
      "\(index % 4).5,\(index % 6 == 0 ? "" : "\(index % 9).25")"
    }
    let run = try train(data, given: "any")
    try self.run("complete", run, data, "--samples", "2", "--output", folder.file("filled.csv"))
    let lines = try folder.lines("filled.csv")
    #expect(lines.count == 121 && lines[0] == "sample 2,sample,size")
    #expect(lines[1].hasPrefix("1,0.5,") && lines[61].hasPrefix("2,0.5,"))
  }

  @Test func inputsAreNumberedBesideAFieldOfThatName() throws {
    let labels = TinyData.turns(60)
    let data = folder.file("data.npz")
    try NPZ.write(
      [
        NPZArray(name: "image", shape: [60, 8, 8], values: .uint8(TinyData.pixels(labels))),
        NPZArray(name: "input", shape: [60], values: .int64(labels.map(Int64.init))),
      ], to: data)
    let run = try train(data, given: "input")
    try self.run(
      "transfer", run, data, "--records", "4", "--given", "input=*", "--output",
      folder.file("out.npz"))
    let arrays = try NPZ.read(folder.file("out.npz"))
    #expect(arrays.map(\.name) == ["input 2", "input", "image"])
    #expect(arrays[0].values == .int64([4, 4, 4]) && arrays[1].values == .int64([0, 1, 2]))
  }

  @Test func masksAreWrittenBesideAnImageOfThatName() throws {
    let data = folder.file("data.npz")
    let pixels = TinyData.pixels(TinyData.turns(60))
    try NPZ.write(
      [NPZArray(name: "known", shape: [60, 8, 8], values: .uint8(pixels))], to: data)
    let run = try train(data, given: "any")
    try self.run(
      "complete", run, data, "--mask", "top", "--records", "0-2", "--output",
      folder.file("out.npz"))
    let arrays = try NPZ.read(folder.file("out.npz"))
    #expect(arrays.map(\.name) == ["known", "known 2"])
    #expect(arrays.map(\.shape) == [[3, 5, 8, 8], [3, 8, 8]])
  }
}
