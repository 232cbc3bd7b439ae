import Figures
import Foundation
import TensorFiles
import Testing

/// `cvae train --given any`, and what its model is good for.
@Suite(.sharedRun(.anyPixels)) struct CompleteTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  private func complete(_ arguments: String..., to output: String) throws -> Command.Result {
    try Command.run(["complete", run.path] + arguments + ["--output", folder.file(output)])
  }

  /// The completed pictures and what was known, of an archive.
  private func arrays(
    _ name: String
  ) throws -> (shape: [Int], image: [UInt8], known: [Bool]) {
    let arrays = try NPZ.read(folder.file(name))
    let image = try #require(arrays.first { $0.name == "image" })
    let known = try #require(arrays.first { $0.name == "known" })
    guard case .uint8(let bytes) = image.values, case .boolean(let flags) = known.values else {
      throw DataFileFailure(path: name, expected: "uint8", actual: "others", advice: "look")
    }
    return (image.shape, bytes, flags)
  }

  @Test func givenPixelsComeBackUnchangedAndAnswersDiffer() throws {
    let result = try complete(
      run.data, "--mask", "bottom-left", "--records", "60,3-5", "--samples", "3", to: "a.npz")
    #expect(result.status == 0, "\(result.errors)")
    let (shape, image, known) = try arrays("a.npz")
    #expect(shape == [4, 3, 8, 8])
    let original = TinyData.pixels(TinyData.turns(60)) + TinyData.pixels(TinyData.turns(20))
    for (row, record) in [60, 3, 4, 5].enumerated() {
      for pixel in 0..<64 {
        #expect(known[row * 64 + pixel] == (pixel / 8 >= 4 && pixel % 8 < 4))
        guard known[row * 64 + pixel] else { continue }
        for sample in 0..<3 {
          #expect(image[(row * 3 + sample) * 64 + pixel] == original[record * 64 + pixel])
        }
      }
      let answers = (0..<3).map { image[(row * 3 + $0) * 64..<(row * 3 + $0 + 1) * 64] }
      #expect(Set(answers).count == 3, "record \(record)")
    }
  }

  @Test func answersAreTheSameInWhateverCompany() throws {
    _ = try complete(run.data, "--mask", "top", "--records", "7,8", "--samples", "2", to: "two.npz")
    _ = try complete(run.data, "--mask", "top", "--records", "8", "--samples", "1", to: "one.npz")
    _ = try complete(
      run.data, "--mask", "top", "--records", "8", "--samples", "1", "--seed", "2", to: "other.npz")
    _ = try complete(
      run.data, "--mask", "top", "--records", "8", "--samples", "1", "--given", "label=any",
      to: "unlabelled.npz")
    let two = try arrays("two.npz").image
    let one = try arrays("one.npz").image
    #expect(Array(two[128..<192]) == one)
    #expect(try arrays("other.npz").image != one)
    #expect(try arrays("unlabelled.npz").image != one)
    _ = try complete(
      run.data, "--mask", "top", "--records", "8", "--samples", "2", "--temperature", "0",
      to: "mean.npz")
    let mean = try arrays("mean.npz").image
    #expect(mean[0..<64] == mean[64..<128])
  }

  /// A picture whose right half is transparent, and a mask that was drawn.
  @Test func transparentPixelsAndDrawnMasks() throws {
    let canvas = try Canvas(width: 8, height: 8, background: .black)
    canvas.drawPicture(
      (0..<64).map { Float($0) / 255 }, height: 8, width: 8, channels: 1, x: 0, y: 0)
    try folder.put(canvas.pngData(), "whole.png")
    let mask = try Canvas(width: 8, height: 8, background: .black)
    mask.drawPicture([1, 1], height: 1, width: 2, channels: 1, x: 0, y: 0, scale: 3)
    try folder.put(mask.pngData(), "mask.png")
    let drawn = try complete(
      folder.file("whole.png"), "--mask", folder.file("mask.png"), "--samples", "1",
      "--given", "label=2", to: "drawn.npz")
    #expect(drawn.status == 0, "\(drawn.errors)")
    let (_, image, known) = try arrays("drawn.npz")
    for pixel in 0..<64 {
      #expect(known[pixel] == (pixel / 8 < 3 && pixel % 8 < 6))
      if known[pixel] { #expect(Int(image[pixel]) == pixel) }
    }
    try folder.put(Self.transparentPicture, "partial.png")
    let result = try complete(folder.file("partial.png"), "--samples", "2", to: "filled")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.names(in: "filled") == ["partial-0.png", "partial-1.png"])
    let first = try Canvas(pngData: Array(folder.bytes("filled/partial-0.png")))
    for y in 0..<8 {
      for x in 0..<4 { #expect(first.pixel(x: x, y: y).red == 77) }
    }
  }

  @Test func sheetsShowHoleAnswersAndOriginal() throws {
    let result = try complete(
      run.data, "--mask", "left", "--records", "1,2", "--samples", "4", to: "sheet.png")
    #expect(result.status == 0, "\(result.errors)")
    let sheet = try Canvas(pngData: Array(folder.bytes("sheet.png")))
    // Six pictures of 8 × 7 pixels in a row, and two rows.
    #expect(sheet.width > 6 * 56 && sheet.height > 2 * 56)
    let colors = (0..<sheet.width).map { sheet.pixel(x: $0, y: sheet.height - 30) }
    #expect(colors.contains { Int($0.blue) > Int($0.red) + 40 }, "no hatching")
  }

  @Test func theModelGeneratesAndIsScoredToo() throws {
    let result = try Command.run(
      "generate", run.path, "--count", "6", "--output", folder.file("new.npz"))
    #expect(result.status == 0, "\(result.errors)")
    let pictures = try NPZ.read(folder.file("new.npz")).first { $0.name == "image" }
    #expect(pictures?.shape == [6, 8, 8])
    func score(_ arguments: String...) throws -> String {
      let result = try Command.run(
        ["evaluate", run.path, run.data, "--samples", "4", "--json"] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    #expect(try score("--mask", "all-but-top-left").contains("\"masks\":\"all-but-top-left\""))
    #expect(try score().contains("\"masks\":\"blocks,quadrants,halves,scattered,none\""))
    #expect(try score("--mask", "top") != score("--mask", "bottom"))
    #expect(run.folder.exists("run/samples.png"))
  }

  @Test func whatCantBeCompletedIsRefused() throws {
    try complete(run.data, "--mask", "bottm-left", to: "a.png").expectRefusal(
      status: 64, "No mask is named 'bottm-left'; the nearest is 'bottom-left'")
    try complete(run.data, to: "a.png").expectRefusal(
      "expected --mask, as these pictures are whole")
    try complete(run.data, "--mask", "top", to: "a.csv").expectRefusal(
      status: 64, "--output ends in .csv, which can't hold pictures")
    try complete(run.data, "--mask", "top", "--records", "5-", to: "a.png").expectRefusal(
      status: 64, "--records expects numbers and ranges, such as 3,17,40-49, not '5-'.")
    try complete(run.data, "--mask", "top", "--records", "80", to: "a.png").expectRefusal(
      "--records: expected numbers from 0 to 79, got 80")
    try complete(run.data, "--mask", "top", "--given", "image=any", to: "a.png").expectRefusal(
      "Field 'image' is generated by this model")
    let canvas = try Canvas(width: 5, height: 8)
    let path = try folder.put(canvas.pngData(), "narrow.png")
    try complete(run.data, "--mask", path, to: "a.png").expectRefusal(
      "narrow.png: expected 8 × 8 pixels, as the model has, got 5 × 8; scale the picture")
    let whole = try folder.put(Canvas(width: 8, height: 8).pngData(), "whole.png")
    try complete(whole, to: "a.png").expectRefusal(
      "whole.png: expected unknown pixels, got none; make them transparent")
    try complete(folder.put([1, 2, 3], "broken.png"), to: "a.png").expectRefusal(
      "broken.png: expected an intact PNG, JPEG or WebP picture")
    try complete(run.data, "--mask", whole, to: "a.png").expectRefusal(
      "whole.png: expected a mask with black pixels, which will be filled, got none.")
    #expect(!folder.exists("a.png"))
  }

  @Test func modelsOfFixedRolesAreRefused() throws {
    let fixed = try TrainedRun()
    let words = [
      "Expected a model that was trained with --given any, got one with the given field 'label'",
      "train one with 'cvae train DATA --given any'.",
    ]
    try Command.run(
      "complete", fixed.path, fixed.data, "--mask", "top", "--output", folder.file("a.png")
    ).expectRefusal(words[0], words[1])
    try Command.run("evaluate", fixed.path, fixed.data, "--mask", "top").expectRefusal(words[0])
  }

  /// An 8-bit PNG of grey and alpha, 8 × 8: the left half grey 77, the right half transparent.
  private static let transparentPicture = [UInt8](
    Data(
      base64Encoded: """
        iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAQAAABuBnYAAAAAEUlEQVR42mPw/Q+BDDAwMAIAog0pgVU55oQA\
        AAAASUVORK5CYII=
        """) ?? Data())
}
