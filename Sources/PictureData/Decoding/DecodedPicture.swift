import CGD
import TensorFiles

/// A picture of a file in memory, red, green and blue, laid over white where it is transparent.
///
/// It owns memory of the GD library and is used by one thread at a time.
final class DecodedPicture {
  private let image: gdImagePtr

  /// Rows of pixels.
  var height: Int { Int(image.pointee.sy) }
  /// Pixels in a row.
  var width: Int { Int(image.pointee.sx) }

  /// Decodes a file.
  convenience init(path: String) throws(PictureFailure) {
    let bytes: [UInt8]
    do {
      bytes = try GzipFile.readPossiblyCompressed(path)
    } catch let failure as FileFailure {
      throw .unopened(code: failure.code)
    } catch {
      throw .otherForm
    }
    try self.init(bytes)
  }

  /// Decodes a file that someone named.
  ///
  /// - Throws: `FileFailure` where it can't be read, ``DataFileFailure`` where it holds no intact
  ///   picture.
  static func open(_ path: String) throws -> DecodedPicture {
    do {
      return try DecodedPicture(path: path)
    } catch .unopened(let code) {
      throw FileFailure(path: path, action: "read", code: code)
    } catch {
      throw DataFileFailure(
        path: path, expected: "an intact PNG, JPEG or WebP picture",
        actual: "a file that \(error.words)", advice: "copy or convert it again")
    }
  }

  /// Decodes the bytes of a PNG, JPEG or WebP file; of 16 bits, the upper 8 are taken.
  init(_ bytes: [UInt8]) throws(PictureFailure) {
    GDLibrary.prepare
    guard let header = bytes.withUnsafeBytes({ PictureHeader($0) }) else {
      throw Self.isKnownForm(bytes) ? .damaged : .otherForm
    }
    guard !header.isAnimated else { throw .animated }
    guard header.height <= GDLibrary.largestSide, header.width <= GDLibrary.largestSide,
      header.height * header.width <= GDLibrary.largestArea
    else { throw .tooLarge(height: header.height, width: header.width) }
    guard let decoded = Self.decode(header.isCMYK ? Self.markingInks(bytes) : bytes, header.form)
    else { throw .damaged }
    guard gdImagePaletteToTrueColor(decoded) != 0,
      let upright = Self.upright(decoded, header.orientation)
    else {
      gdImageDestroy(decoded)
      throw .damaged
    }
    image = upright
    clearKey()
  }

  deinit { gdImageDestroy(image) }

  private static func decode(_ bytes: [UInt8], _ form: PictureHeader.Form) -> gdImagePtr? {
    // GD fills the missing part of a truncated JPEG with grey.
    if form == .jpeg, !endsScan(bytes) { return nil }
    var bytes = form == .png ? PNGChunks.essential(bytes) : bytes
    return bytes.withUnsafeMutableBytes { buffer in
      let count = Int32(clamping: buffer.count)
      return switch form {
      case .png: gdImageCreateFromPngPtr(count, buffer.baseAddress)
      case .jpeg: gdImageCreateFromJpegPtr(count, buffer.baseAddress)
      case .webp: gdImageCreateFromWebpPtr(count, buffer.baseAddress)
      }
    }
  }

  /// A CMYK JPEG with Adobe's marker, by which GD knows that the inks are stored inverted.
  ///
  /// They are so in nearly all files, also in those without the marker, and browsers and Pillow take them so. A
  /// marker that the file has itself comes later, and its word on the colours counts.
  private static func markingInks(_ bytes: [UInt8]) -> [UInt8] {
    let marker: [UInt8] = [0xFF, 0xEE, 0, 14] + Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 0]
    return bytes[..<2] + marker + bytes[2...]
  }

  /// Makes the colour transparent that a PNG without opacities names as such, which GD leaves to its
  /// caller.
  private func clearKey() {
    let key = image.pointee.transparent
    guard key >= 0 else { return }
    for row in 0..<height {
      guard let line = image.pointee.tpixels?[row] else { continue }
      for column in 0..<width where line[column] == key { line[column] |= 0x7F << 24 }
    }
  }

  /// The picture turned and mirrored, which replaces it; nil if memory is short.
  private static func upright(
    _ decoded: gdImagePtr, _ orientation: PictureOrientation
  ) -> gdImagePtr? {
    guard orientation != .upright else { return decoded }
    let (height, width) = (Int(decoded.pointee.sy), Int(decoded.pointee.sx))
    let (rows, columns) = orientation.swapsSides ? (width, height) : (height, width)
    guard let turned = gdImageCreateTrueColor(Int32(columns), Int32(rows)) else { return nil }
    for row in 0..<rows {
      guard let line = turned.pointee.tpixels?[row] else { continue }
      for column in 0..<columns {
        let source = orientation.source(row: row, column: column, height: height, width: width)
        line[column] = decoded.pointee.tpixels?[source.row]?[source.column] ?? 0
      }
    }
    turned.pointee.transparent = decoded.pointee.transparent
    gdImageDestroy(decoded)
    return turned
  }

  /// Whether the end marker comes after the last scan begins. Within a scan's data neither of the
  /// two markers can occur.
  private static func endsScan(_ bytes: [UInt8]) -> Bool {
    var place = bytes.count - 2
    while place >= 0 {
      if bytes[place] == 0xFF {
        if bytes[place + 1] == 0xD9 { return true }
        if bytes[place + 1] == 0xDA { return false }
      }
      place -= 1
    }
    return false
  }

  private static func isKnownForm(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) || bytes.starts(with: [0xFF, 0xD8])
      || bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
  }

  /// Whether red, green and blue are equal in every pixel.
  var isGrey: Bool {
    for row in 0..<height {
      guard let line = image.pointee.tpixels?[row] else { return false }
      for column in 0..<width {
        let word = line[column]
        if word & 0xFF != word >> 8 & 0xFF || word & 0xFF != word >> 16 & 0xFF { return false }
      }
    }
    return true
  }

  /// A pixel's colour, with its opacity.
  func color(row: Int, column: Int) -> PixelColor {
    PixelColor(word: image.pointee.tpixels?[row]?[column] ?? 0)
  }

  /// Writes the colours of a row's pixels `columns` one after another: `[columns, 3]`, 0 to 255.
  func copyRow(_ row: Int, columns: Range<Int>, into target: inout [Float]) {
    guard let line = image.pointee.tpixels?[row] else { return }
    for (index, column) in columns.enumerated() {
      let word = line[column]
      // GD's alpha runs from 0, opaque, to 127.
      let white = Float(word >> 24 & 0x7F) / 127
      for channel in 0..<3 {
        let value = Float(word >> (16 - 8 * Int32(channel)) & 0xFF)
        target[index * 3 + channel] = white == 0 ? value : value + (255 - value) * white
      }
    }
  }
}
