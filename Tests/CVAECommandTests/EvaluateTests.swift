import Foundation
import Testing

/// Scores, encodings and summaries of a run.
@Suite(.sharedRun()) struct EvaluateTests {
  let run: TrainedRun
  let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func evaluationHasItsKeys() throws {
    let result = try Command.run(
      "evaluate", run.path, run.data, "--json", "--samples", "16", "--only", "bounds")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    #expect(result.output.hasSuffix("}\n") && result.output.count { $0 == "\n" } == 1)
    let report = try object(result.output)
    #expect(report["records"] as? Int == 20)
    #expect(report["split"] as? String == "test")
    var means: [String: Double] = [:]
    for key in ["elbo", "logLikelihood", "kl"] {
      let term = try #require(report[key] as? [String: Double])
      #expect(term.keys.sorted() == ["mean", "standardError"])
      #expect((term["standardError"] ?? -1) >= 0)
      means[key] = term["mean"]
    }
    #expect(try #require(means["elbo"]) <= #require(means["logLikelihood"]))
    #expect(try #require(means["kl"]) >= 0)
  }

  @Test(arguments: [("train", 57), ("validation", 3), ("test", 20), ("all", 80)])
  func splits(name: String, records: Int) throws {
    let result = try Command.run(
      "evaluate", run.path, run.data, "--split", name, "--samples", "2", "--only", "bounds",
      "--json")
    #expect(try object(result.output)["records"] as? Int == records)
    let table = try Command.run(
      "evaluate", run.path, run.data, "--split", name, "--samples", "2", "--only", "bounds")
    #expect(table.output.hasPrefix("records "), "\(table.output)")
    #expect(table.output.contains(" \(records) (\(name))\n"), "\(table.output)")
  }

  @Test func otherDataAreScoredWhole() throws {
    let other = try TinyData.putIDX(into: folder, train: 30, test: 6)
    for (arguments, warning) in [
      ([], "warning: these are not the data that the model was trained on: all 36 records"),
      (["--split", "test"], "trained on, so they have no test split: all 36 records"),
      (["--split", "all"], nil),
    ] as [([String], String?)] {
      let result = try Command.run(
        ["evaluate", run.path, other, "--samples", "2", "--only", "bounds", "--json"]
          + arguments)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.isEmpty == (warning == nil), "\(result.errors)")
      if let warning { #expect(result.errors.contains(warning), "\(result.errors)") }
      #expect(try object(result.output)["records"] as? Int == 36)
    }
  }

  @Test func dataWithoutTheField() throws {
    let path = folder.file("other.npz")
    try TinyData.putPictures(TinyData.pixels([0, 1]), side: 8, labels: [0, 1], to: path)
    let other = try Command.run("evaluate", run.path, path, "--samples", "2")
    #expect(other.status == 0, "\(other.errors)")
    try TinyData.putPictures(
      [UInt8](repeating: 9, count: 2 * 25), side: 5, labels: [0, 1], to: path)
    let result = try Command.run("evaluate", run.path, path, "--samples", "2")
    result.expectRefusal(
      "field 'image': the model expects an image of 8 × 8 × 1, but the data have an image of 5 × 5",
      afterProgress: true)
  }

  @Test func encodingHasItsColumns() throws {
    for form in ["csv", "jsonl"] {
      let result = try Command.run(
        "encode", run.path, run.data, "--output", folder.file("z.\(form)"))
      #expect(result.status == 0, "\(result.errors)")
    }
    let rows = try folder.lines("z.csv")
    #expect(rows.first == "z0,z1,z2,z3,u0,u1,u2,u3")
    #expect(rows.count == 81)
    #expect(
      rows.dropFirst().allSatisfy { $0.split(separator: ",").compactMap { Double($0) }.count == 8 })
    let records = try folder.lines("z.jsonl").map(object)
    #expect(records.count == 80)
    #expect(
      records.allSatisfy {
        $0.keys.sorted() == ["u0", "u1", "u2", "u3", "z0", "z1", "z2", "z3"]
      })
  }

  @Test func mapIsAPicture() throws {
    let result = try Command.run(
      "encode", run.path, run.data, "--output", folder.file("z.npz"), "--map",
      folder.file("map.png"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.bytes("map.png").prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    #expect(folder.exists("z.npz"))
  }

  @Test func inspectTellsParametersAndFields() throws {
    for model in [run.path, run.model] {
      let result = try Command.run("inspect", model)
      #expect(result.status == 0)
      for line in [
        "  image: generated, an image of 8 × 8 × 1\n", "  label: given, a category of 10 levels",
        "Parameters: 3464\n", "  57 records",
      ] { #expect(result.output.contains(line), "\(result.output)") }
    }
  }

  @Test func inspectListsParametersOnDemand() throws {
    let result = try Command.run("inspect", run.path)
    #expect(!result.output.contains("decoder.image.bias"))
    let long = try Command.run("inspect", run.path, "--parameters")
    #expect(long.output.contains("  decoder.image.bias "), "\(long.output)")
  }

  @Test func inspectInJSON() throws {
    let report = try object(Command.run("inspect", run.path, "--json").output)
    #expect(report["parameters"] as? Int == 3464)
    let schema = try #require(report["schema"] as? [String: Any])
    let fields = try #require(schema["fields"] as? [[String: Any]])
    #expect(fields.map { $0["name"] as? String } == ["image", "label"])
    #expect((report["roles"] as? [String: [String]])?["given"] == ["label"])
  }
}
