import CVAEGeneration
import ConditionalData
import Figures
import PictureData
import RecordTypes
import TensorFiles

extension SampleSheet {
  /// One row for each group; nil where no image was generated that can be shown.
  init?(_ records: GeneratedRecords, groups: [RecordGroup]) {
    guard let pictures = RecordPictures(records) else { return nil }
    let rows = groups.map { group in
      (label: group.label, values: group.rows.flatMap { pictures[$0] })
    }
    self.init(image: pictures.size, rows: rows)
  }
}

/// The first generated image field that can be shown, picture by picture.
struct RecordPictures {
  let name: String
  let size: ImageSize
  private let pixels: [Float]

  init?(_ records: GeneratedRecords) {
    for (field, column) in zip(records.records.schema.fields, records.records.columns) {
      if case .intensities(let pixels) = column.values, let size = field.imageSize,
        size.isDrawable
      {
        name = field.name
        self.size = size
        self.pixels = pixels
        return
      }
    }
    return nil
  }

  subscript(_ record: Int) -> [Float] {
    Array(pixels[record * size.count..<(record + 1) * size.count])
  }
}

/// A directory with one file for each record: a picture, or a line of JSON.
struct RecordFolder {
  let records: GeneratedRecords
  let table: RecordTable
  let groups: [RecordGroup]

  /// Writes all files.
  func write(to path: String) throws {
    let pictures = RecordPictures(records)
    let lines = pictures == nil ? table.lines() : []
    try AtomicFolder.write(to: path) { folder in
      for group in groups {
        for (number, row) in group.rows.enumerated() {
          let name = fileName(group.label, number)
          if let pictures {
            try folder.write(pictures.size.pngData(pictures[row]), name, ending: ".png")
          } else {
            try folder.write((lines[row] + "\n").utf8, name, ending: ".json")
          }
        }
      }
    }
  }

  /// The label and a number, without characters that file systems dislike.
  private func fileName(_ label: String, _ number: Int) -> String {
    let plain = Self.plain(label)
    let prefix = plain.isEmpty ? "" : plain + "-"
    let digits = String(max(1, records.count - 1)).count
    let text = String(number)
    return prefix + String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// A label without characters that file systems dislike, as the beginning of a file's name: it never
  /// hides the file, and is short enough to leave room for a number and an ending.
  static func plain(_ label: String) -> String {
    var name = ""
    for character in label {
      let isPlain =
        character.isLetter || character.isNumber || "-_".contains(character)
        || character == "." && !name.isEmpty
      let next = isPlain ? character : "-"
      guard name.utf8.count + next.utf8.count <= mostBytes else { break }
      name.append(next)
    }
    return name
  }

  /// Of the 255 bytes that a file's name may have.
  private static let mostBytes = 200
}

extension ImageSize {
  /// A picture of this size as PNG, of values from 0 to 1.
  func pngData(_ values: [Float]) throws -> [UInt8] {
    let canvas = try Canvas(width: width, height: height)
    canvas.drawPicture(values, height: height, width: width, channels: channels, x: 0, y: 0)
    return try canvas.pngData()
  }
}
