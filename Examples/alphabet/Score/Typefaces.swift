import CVAE

/// The faces of a data set whose characters are all there, as pictures by face and character.
struct Typefaces {
  /// One face.
  struct Face {
    let name: String
    /// The record of each character.
    let records: [Int32]
    /// `[characters][pixels]`, in 0…1.
    let glyphs: [[Float]]
  }

  let characters: [String]
  let faces: [Face]

  /// Collects the faces among `records`, with or without the variants that `prepare.py` made of others, whose
  /// names contain a plus.
  init(_ data: DataSet, records: [Int32], withVariants: Bool = false) throws {
    let character = try data.schema.index(of: "character")
    let face = try data.schema.index(of: "face")
    let image = try data.schema.index(of: "image")
    guard case .levels(let characters) = data.columns[character].values,
      case .levels(let faces) = data.columns[face].values,
      case .bytes(let bytes) = data.columns[image].values
    else { preconditionFailure("\(data.source) has the fields of prepare.py.") }
    let width = data.columns[image].width
    self.characters = data.schema.fields[character].levels
    let count = self.characters.count
    var found: [Int32: [Int32?]] = [:]
    for record in records {
      found[faces[Int(record)], default: Array(repeating: nil, count: count)][
        Int(characters[Int(record)])] = record
    }
    self.faces = found.sorted { $0.key < $1.key }.compactMap { level, members in
      let records = members.compactMap { $0 }
      let name = data.schema.fields[face].levels[Int(level)]
      guard records.count == count, withVariants || !name.contains("+") else { return nil }
      return Face(
        name: name, records: records,
        glyphs: records.map { record in
          bytes[Int(record) * width..<(Int(record) + 1) * width].map { Float($0) / 255 }
        })
    }
  }

  /// Each character's mean over all faces.
  var meanGlyphs: [[Float]] {
    characters.indices.map { character in
      var mean = [Float](repeating: 0, count: faces[0].glyphs[character].count)
      for face in faces {
        for (pixel, value) in face.glyphs[character].enumerated() { mean[pixel] += value }
      }
      return mean.map { $0 / Float(faces.count) }
    }
  }

  /// The face whose `characters` are most like those of `other`, and how far off they are.
  func nearest(to other: Face, by characters: [Int]) -> (face: Face, difference: Double) {
    var best = (face: faces[0], difference: Double.infinity)
    for face in faces {
      let difference = Comparison.meanAbsoluteError(face.glyphs, other.glyphs, characters)
      if difference < best.difference { best = (face, difference) }
    }
    return best
  }
}
