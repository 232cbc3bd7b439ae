import Foundation
import TensorFiles
import Testing

/// What commands make of models with levels of details.
@Suite struct DetailTests {
  let folder: TemporaryFolder
  let data: String

  private static let side = 16

  /// Bars whose place is the label's, and whose brightness is the record's.
  init() throws {
    folder = try TemporaryFolder()
    data = folder.file("bars.npz")
    let labels = TinyData.turns(120)
    let pixels = labels.enumerated().flatMap { record, label in
      (0..<Self.side * Self.side).map { pixel in
        pixel % Self.side / 6 == Int(label) ? UInt8(120 + 2 * (record % 60)) : UInt8(pixel * 7 % 19)
      }
    }
    try TinyData.putPictures(pixels, side: Self.side, labels: labels, to: data)
  }

  private func train(_ name: String, given: String = "label", model: [String] = []) throws -> String
  {
    let lines =
      [
        "given: [\(given)]", "model:", "  latent: 3",
        "  convolution: {widths: [4, 8], dense: [8], levels: [[8, 2], [16, 1]]}",
      ] + model.map { "  " + $0 } + [
        "training:", "  batch: 8", "  epochs: 2", "  threads: 1", "  conditionDropout: 0.2",
        "  freeBits: 0.05", "  freeBitsUntil: 1",
      ]
    let configuration = try folder.put(lines.joined(separator: "\n").utf8, "\(name).yaml")
    let result = try Command.run(
      "train", data, "--config", configuration, "--output", folder.file(name))
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("8 px ") && result.errors.contains("16 px "))
    #expect(result.errors.contains("4 and 8 of the widths are no multiples of 16"))
    return folder.file(name)
  }

  private func run(_ arguments: String...) throws -> Command.Result {
    let result = try Command.run(arguments)
    #expect(result.status == 0, "\(arguments): \(result.errors)")
    return result
  }

  private func pixels(_ name: String) throws -> [[Float]] {
    let image = try #require(try NPZ.read(folder.file(name)).first { $0.name == "image" })
    guard case .float32(let values) = image.values else { return [] }
    let count = Self.side * Self.side
    return stride(from: 0, to: values.count, by: count).map { Array(values[$0..<$0 + count]) }
  }

  @Test func everyJob() throws {
    let model = try train("run")
    let some = ["--records", "3,8"]
    func drawn(_ command: String, _ name: String, _ more: String...) throws -> [[Float]] {
      let result = try Command.run(
        [command, model, data, "--output", folder.file(name)] + some + more)
      #expect(result.status == 0, "\(command) \(more): \(result.errors)")
      return try pixels(name)
    }
    let own = try drawn("transfer", "own.npz")
    let kept = try drawn("transfer", "kept.npz", "--keep", "3")
    let upper = try drawn("transfer", "upper.npz", "--keep", "1")
    #expect(kept == own && upper != own && upper.count == 2)
    #expect(try drawn("transfer", "other.npz", "--given", "label=*").count == 6)
    #expect(try drawn("transfer", "strong.npz", "--control", "1.5") != own)
    let combined = try drawn("transfer", "joint.npz", "--combine")
    #expect(combined.count == 2 || combined.count == 1)

    let varied = try drawn("vary", "varied.npz", "--variations", "3")
    #expect(varied.count == 6 && varied[0] != varied[1] && varied[0] != own[0])
    #expect(try drawn("vary", "still.npz", "--variations", "1", "--amount", "0") == own)
    #expect(try drawn("vary", "fine.npz", "--variations", "3", "--levels", "8,16") != varied)

    // Levels of the one from the left, of the other from the right.
    let mixed = try drawn("mix", "mixed.npz")
    #expect(mixed.count == 4)
    let morphed = try drawn("morph", "morphed.npz", "--steps", "5")
    #expect(morphed.count == 5)
    func near(_ first: [Float], _ second: [Float]) -> Bool {
      zip(first, second).allSatisfy { abs($0 - $1) < 1e-4 }
    }
    #expect(near(morphed[0], own[0]) && near(morphed[4], own[1]))
    #expect(!near(morphed[2], own[0]))
    for command in ["vary", "mix", "morph"] {
      let files = folder.file("\(command) files")
      _ = try run(command, model, data, "--records", "3,8", "--output", files)
      let names = try FileManager.default.contentsOfDirectory(atPath: files).sorted()
      #expect(names.allSatisfy { $0.hasSuffix(".png") } && names.count >= 4, "\(names)")
      _ = try run(
        command, model, data, "--records", "3,8",
        command == "mix" ? "--precision=float32" : "--details",
        "--output",
        folder.file("\(command).png"))
      _ = try run(
        command, model, data, "--records", "3,8", "--output", folder.file("\(command).csv"))
      #expect(try folder.lines("\(command).csv").first?.hasPrefix("input,label,") == true)
    }

    _ = try run(
      "generate", model, "--given", "label=*", "--count", "2", "--output", folder.file("new.png"))
    _ = try run(
      "encode", model, data, "--output", folder.file("z.npz"), "--map", folder.file("m.png"))
    let arrays = try NPZ.read(folder.file("z.npz"))
    #expect(arrays.map(\.name) == ["z", "u", "u_8", "u_16"])
    #expect(arrays.map(\.shape) == [[120, 3], [120, 3], [120, 8, 8, 2], [120, 16, 16, 1]])
    let scored = try run(
      "evaluate", model, data, "--samples", "3", "--only", "bounds", "--json")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(scored.output.utf8)) as? [String: Any])
    let parts = try #require(report["klByLevel"] as? [[String: Any]])
    #expect(parts.compactMap { $0["level"] as? String } == ["z", "8", "16"])
    let total = try #require((report["kl"] as? [String: Any])?["mean"] as? Double)
    #expect(abs(parts.reduce(0) { $0 + ($1["kl"] as? Double ?? 0) } - total) < 1e-6)
    let judged = try run("evaluate", model, data, "--only", "pictures", "--json")
    let pictures = try #require(
      (try JSONSerialization.jsonObject(with: Data(judged.output.utf8)) as? [String: Any])?[
        "pictures"] as? [String: Any])
    #expect(
      (pictures["transfer"] as? [[String: Any]])?.compactMap { $0["levels"] as? Int } == [1, 2, 3])
    for key in ["reconstructionError", "detectionAUC", "generated", "reconstructions", "real"] {
      #expect(pictures[key] != nil, "\(key)")
    }
    let words = try run("evaluate", model, data, "--only", "pictures")
    #expect(words.output.contains("there and back"))
    let refused = try Command.run(
      "generate", model, "--given", "label=0", "--draw-pixels", "--output", folder.file("no.png"))
    #expect(refused.status != 0 && refused.errors.contains("needs a likelihood that is a density"))
    _ = try run("report", model, data, "--output", folder.file("report.html"))
    _ = try run("classify", model, data, "--field", "label", "--output", folder.file("c.csv"))
  }

  @Test func pixelsAreDrawn() throws {
    let model = try train("drawn", model: ["likelihood: {image: discretized-logistic}"])
    for (name, more) in [("expected.npz", []), ("drawn.npz", ["--draw-pixels"])] {
      let result = try Command.run(
        ["generate", model, "--given", "label=1", "--count", "2", "--output", folder.file(name)]
          + more)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try pixels("expected.npz") != pixels("drawn.npz"))
  }

  /// Any pixels may be known: the levels of details follow them.
  @Test func pixelsAreCompleted() throws {
    let model = try train("any", given: "any")
    let result = try Command.run(
      "complete", model, data, "--mask", "top", "--records", "3,8", "--output",
      folder.file("done.npz"))
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func groupsShareZAlone() throws {
    let model = try train("group", model: ["group: label"])
    _ = try run(
      "evaluate", model, data, "--samples", "3", "--only", "bounds", "--json")
    _ = try run(
      "transfer", model, data, "--records", "0,3,6", "--combine", "--output",
      folder.file("joint.png"))
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let model = try train("run")
    for (arguments, sentence) in [
      (["mix", "--records", "3,8,9"], "expected an even number of inputs"),
      (["vary", "--records", "3", "--levels", "z,7"], "expected levels out of z, 8, 16, got '7'"),
      (["transfer", "--records", "3", "--keep", "4"], "--keep: expected 1 to 3 levels"),
      (["transfer", "--records", "3", "--keep", "0.5"], "--keep: expected 1 to 3 levels"),
      (["transfer", "--records", "3", "--keep", "1.5"], "--keep must be a share of words"),
      (["vary", "--records", "3", "--amount", "2"], "--amount must be from 0 to 1"),
      (["morph", "--records", "3,8", "--steps", "1"], "--steps must be at least 2"),
      (["mix", "--records", "3,8", "--details"], "--details and mix exclude each other"),
    ] {
      let result = try Command.run(
        [arguments[0], model, data] + arguments.dropFirst()
          + ["--output", folder.file("no.png")])
      #expect(
        result.status != 0 && result.errors.contains(sentence), "\(arguments): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("no.png")))
    }
  }
}
