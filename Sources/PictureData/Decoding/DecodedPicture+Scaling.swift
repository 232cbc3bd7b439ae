import RecordTypes

extension DecodedPicture {
  /// The middle of the picture, scaled so that it fills `size`: the side that is relatively shorter fits
  /// exactly, and what the other has in excess is cut off equally at both ends.
  ///
  /// A picture of that size already is taken as it is. Grey is the luma of Rec. 601, as in JPEG.
  ///
  /// - Shapes: `[height, width, channels]`, 1 or 3 channels.
  func scaled(to size: ImageSize) -> [UInt8] {
    precondition(size.channels == 1 || size.channels == 3, "A picture has 1 or 3 channels.")
    // Old pixels for each new one: the smaller ratio covers all of the new picture.
    let ratio = min(Double(height) / Double(size.height), Double(width) / Double(size.width))
    let rows = Self.middle(of: height, ratio: ratio, count: size.height)
    let columns = Self.middle(of: width, ratio: ratio, count: size.width)
    let narrowed = narrowedRows(rows.used, columns)
    var result = [UInt8](repeating: 0, count: size.count)
    let lineCount = size.width * 3
    var line = [Float](repeating: 0, count: lineCount)
    for row in 0..<size.height {
      for index in 0..<lineCount { line[index] = 0 }
      for (tap, weight) in rows.weights[row].enumerated() {
        let start = (rows.starts[row] + tap) * lineCount
        for index in 0..<lineCount { line[index] += weight * narrowed[start + index] }
      }
      for column in 0..<size.width {
        let sum = rows.sums[row] * columns.sums[column]
        let place = (row * size.width + column) * size.channels
        let red = line[column * 3] / sum
        let green = line[column * 3 + 1] / sum
        let blue = line[column * 3 + 2] / sum
        if size.channels == 1 {
          let luma = 0.299 * red + 0.587 * green + 0.114 * blue
          result[place] = Self.byte(red == green && green == blue ? red : luma)
        } else {
          result[place] = Self.byte(red)
          result[place + 1] = Self.byte(green)
          result[place + 2] = Self.byte(blue)
        }
      }
    }
    return result
  }

  /// The part begins at a whole pixel, so that nothing is blurred that needn't be.
  private static func middle(of extent: Int, ratio: Double, count: Int) -> AxisResampling {
    let length = min(ratio * Double(count), Double(extent))
    return AxisResampling(
      extent: extent, start: Int((Double(extent) - length) / 2), length: length, count: count)
  }

  /// The rows with the new number of columns; values must still be divided by the columns' sums.
  private func narrowedRows(_ rows: Range<Int>, _ columns: AxisResampling) -> [Float] {
    let count = columns.starts.count
    var source = [Float](repeating: 0, count: columns.used.count * 3)
    var result = [Float](repeating: 0, count: rows.count * count * 3)
    for (index, row) in rows.enumerated() {
      copyRow(row, columns: columns.used, into: &source)
      for column in 0..<count {
        var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
        var place = columns.starts[column] * 3
        for weight in columns.weights[column] {
          red += weight * source[place]
          green += weight * source[place + 1]
          blue += weight * source[place + 2]
          place += 3
        }
        let target = (index * count + column) * 3
        result[target] = red
        result[target + 1] = green
        result[target + 2] = blue
      }
    }
    return result
  }

  private static func byte(_ value: Float) -> UInt8 { UInt8(min(max(value.rounded(), 0), 255)) }
}
