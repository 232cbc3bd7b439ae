import Foundation
import RecordTypes

/// Sums of differences between neighbours in pictures, from which sharpness and grids follow.
struct PictureTexture {
  private static let moduli = [2, 4, 8, 16]

  private let squares: Double
  /// Of each column but the last.
  private let columns: [Double]

  /// - Parameter pixels: Pictures one after another, each `[height, width, channels]`.
  init(_ pixels: [Float], _ size: ImageSize) {
    var (squares, count) = (0.0, 0)
    var columns = [Double](repeating: 0, count: max(0, size.width - 1))
    let (channels, rows) = (size.channels, pixels.count / (size.width * size.channels))
    pixels.withUnsafeBufferPointer { pixels in
      for row in 0..<rows {
        let start = row * size.width * channels
        for column in columns.indices {
          var sum: Float = 0
          for channel in 0..<channels {
            let place = start + column * channels + channel
            let across = pixels[place + channels] - pixels[place]
            sum += abs(across)
            squares += Double(across * across)
          }
          columns[column] += Double(sum)
        }
        count += columns.count * channels
        if row % size.height + 1 < size.height {
          for place in start..<start + size.width * channels {
            let down = pixels[place + size.width * channels] - pixels[place]
            squares += Double(down * down)
          }
          count += size.width * channels
        }
      }
    }
    self.squares = squares / Double(max(1, count))
    self.columns = columns
  }

  /// Root mean square of all differences.
  var sharpness: Double { squares.squareRoot() }

  /// The texture beside that of real pictures.
  func report(real: PictureTexture) -> PictureReport.Texture {
    PictureReport.Texture(
      sharpness: real.sharpness > 0 ? sharpness / real.sharpness : 1,
      grid: Self.moduli.filter { 2 * $0 <= columns.count }.map(period))
  }

  private func period(_ modulus: Int) -> PictureReport.Period {
    var sums = [Double](repeating: 0, count: modulus)
    var counts = sums
    for (column, sum) in columns.enumerated() {
      sums[column % modulus] += sum
      counts[column % modulus] += 1
    }
    let all = sums.reduce(0, +) / counts.reduce(0, +)
    let shares = zip(sums, counts).map { all > 0 ? $0 / $1 / all : 1 }
    return PictureReport.Period(
      modulus: modulus, least: shares.min() ?? 1, largest: shares.max() ?? 1)
  }
}
