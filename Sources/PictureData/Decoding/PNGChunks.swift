/// The parts of a PNG file: each the length of its content, its name, the content, a check sum.
enum PNGChunks {
  /// The file without what its pixels don't depend on: colour profiles, texts, dates, further frames.
  ///
  /// The decoder prints a warning about each such chunk that it finds wrong, and many programs write wrong ones.
  /// What is cut short stays, for the decoder to refuse.
  static func essential(_ bytes: [UInt8]) -> [UInt8] {
    var essential = Array(bytes.prefix(8))
    var place = 8
    while place + 12 <= bytes.count {
      let count = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 12 + count
      guard end <= bytes.count else { break }
      let name = bytes[(place + 4)..<(place + 8)]
      // The names of parts without which there is no picture begin with a capital.
      if name.first.map({ $0 & 0x20 == 0 }) == true || name.elementsEqual("tRNS".utf8) {
        essential += bytes[place..<end]
      }
      place = end
    }
    return essential + bytes[min(place, bytes.count)...]
  }
}
