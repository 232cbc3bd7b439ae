import ArgumentParser
import CVAEGeneration
import CVAETraining
import ConditionalData
import Figures
import Foundation
import PictureData
import RecordTypes
import TensorFiles

/// The form of completed pictures, chosen by the output's extension.
enum CompletionOutput {
  case sheet(String)
  case folder(String)
  case arrays(String)

  init(_ path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "png": self = .sheet(path)
    case "npz": self = .arrays(path)
    case "": self = .folder(path)
    case let other:
      throw ValidationError(
        "--output ends in .\(other), which can't hold pictures; use .png, .npz, or a directory.")
    }
  }

  /// Refuses before anything is computed.
  func check(_ model: TrainedModel) throws {
    let (field, size) = try model.completedField()
    switch self {
    case .arrays: return
    case .sheet(let path), .folder(let path):
      if size.isDrawable { return }
      throw InvalidRequest(
        "\(path): pictures have 1 or 3 channels, and '\(field.name)' is \(field.kind.summary); use "
          + ".npz.")
    }
  }

  /// Writes each record's answers, the first picture of each answer first.
  func write(_ answers: [[[UInt8]]], of request: CompletionRequest) throws {
    switch self {
    case .sheet(let path):
      try AtomicFile.write(SampleSheet(answers, of: request).pngData(), to: path)
    case .arrays(let path): try NPZ.write(arrays(answers, of: request), to: path)
    case .folder(let path):
      try AtomicFolder.write(to: path) { folder in
        for (record, label) in request.labels.enumerated() {
          for (sample, bytes) in answers[record].enumerated() {
            let name = RecordFolder.plain(label) + "-\(sample)"
            let picture = try request.size.pngData(bytes.map { Float($0) / 255 })
            try folder.write(picture, name, ending: ".png")
          }
        }
      }
    }
  }

  /// `image` `[records, samples, height, width(, 3)]` and `known` `[records, height, width]`.
  private func arrays(_ answers: [[[UInt8]]], of request: CompletionRequest) -> [NPZArray] {
    let (size, count) = (request.size, answers.count)
    let channels = size.channels == 1 ? [] : [size.channels]
    var names = UnusedNames([request.field.name])
    return [
      NPZArray(
        name: request.field.name,
        shape: [count, answers.first?.count ?? 0, size.height, size.width] + channels,
        values: .uint8(answers.flatMap { $0.flatMap { $0 } })),
      NPZArray(
        name: names.take("known"), shape: [count, size.height, size.width],
        values: .boolean(
          request.pictures.flatMap { picture in (0..<size.pixels).map { picture.known[$0] } })),
    ]
  }
}

extension SampleSheet {
  /// The sheet of completed pictures. Each has a row: what was known (the rest hatched), the answers,
  /// and last the original where it is known.
  init(_ answers: [[[UInt8]]], of request: CompletionRequest) {
    let size = request.size
    let rows = request.labels.enumerated().map { record, label in
      let picture = request.pictures[record]
      var pictures = [Self.hatched(picture)]
      pictures += answers[record].map { Self.colored($0, size) }
      if request.showsTruth { pictures.append(Self.colored(picture.bytes, size)) }
      return Row(label: label, pictures: pictures)
    }
    let samples = answers.first?.count ?? 0
    let words = samples == 1 ? "one answer" : "\(samples) answers"
    self.init(
      rows: rows, height: size.height, width: size.width, channels: 3,
      title: "What is known, \(words)" + (request.showsTruth ? ", and the original" : ""))
  }

  /// Red, green and blue of each pixel.
  private static func colored(_ bytes: [UInt8], _ size: ImageSize) -> [Float] {
    let values = bytes.map { Float($0) / 255 }
    return size.channels == 1 ? values.flatMap { [$0, $0, $0] } : values
  }

  /// Unknown pixels in two blues, along diagonals.
  private static func hatched(_ picture: PartialPicture) -> [Float] {
    var values = colored(picture.bytes, picture.size)
    for pixel in 0..<picture.size.pixels where !picture.known[pixel] {
      let stripe = (pixel / picture.size.width + pixel % picture.size.width) / 2 % 2
      let color: [Float] = stripe == 0 ? [0.34, 0.53, 0.78] : [0.62, 0.75, 0.91]
      for channel in 0..<3 { values[pixel * 3 + channel] = color[channel] }
    }
    return values
  }
}
