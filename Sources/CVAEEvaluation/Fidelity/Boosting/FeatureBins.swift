import RecordTypes

/// How the values of columns become bins: 0 for a missing one, and at most 255 more.
struct FeatureBins {
  private enum Bins {
    /// The upper ends of all bins but the last, rising.
    case numbers(ends: [Double])
    /// The bin of each level: the 254 most frequent have their own.
    case levels([UInt8])
  }

  private let bins: [Bins]
  /// The number of each column's bins.
  let counts: [Int]
  /// Whether each column's bins are levels, which have no order.
  let areLevels: [Bool]

  private static let most = 255

  /// Fits bins to the values of all columns.
  init(_ rows: Records) {
    bins = zip(rows.schema.fields, rows.columns).map { field, column in
      field.isCategory
        ? .levels(Self.places(column.levelCounts(of: field)))
        : .numbers(ends: Self.ends(column.knownNumbers))
    }
    counts = bins.map { bins in
      switch bins {
      case .numbers(let ends): ends.count + 2
      case .levels(let places): Int(places.max() ?? 0) + 1
      }
    }
    areLevels = rows.schema.fields.map(\.isCategory)
  }

  /// The bins of rows with the same columns.
  func rows(_ rows: Records) -> BinnedRows {
    let width = bins.count
    var values = [UInt8](repeating: 0, count: width * rows.count)
    for (index, column) in rows.columns.enumerated() {
      switch bins[index] {
      case .numbers(let ends):
        for (row, number) in column.numbers.enumerated() where column.isKnown(row) {
          values[row * width + index] = UInt8(1 + Self.place(number, ends))
        }
      case .levels(let places):
        for (row, level) in column.levels.enumerated() where column.isKnown(row) {
          values[row * width + index] = places[Int(level)]
        }
      }
    }
    return BinnedRows(values: values, width: width, count: rows.count)
  }

  /// Ends of bins halfway between different numbers, so that each number has a bin; if there are more than
  /// 255 of them, 255 bins of about equally many rows.
  private static func ends(_ numbers: [Double]) -> [Double] {
    let sorted = numbers.sorted()
    var steps: [Int] = []
    for index in sorted.indices.dropFirst() where sorted[index] != sorted[index - 1] {
      steps.append(index)
    }
    if steps.count >= most {
      // The first step at or after each quantile.
      var chosen: [Int] = []
      var next = steps.startIndex
      for part in 1..<most {
        let wanted = sorted.count * part / most
        while next < steps.endIndex, steps[next] < wanted { next += 1 }
        guard next < steps.endIndex else { break }
        if chosen.last != steps[next] { chosen.append(steps[next]) }
      }
      steps = chosen
    }
    return steps.map { sorted[$0 - 1] + (sorted[$0] - sorted[$0 - 1]) / 2 }
  }

  /// The number of ends below `number`.
  private static func place(_ number: Double, _ ends: [Double]) -> Int {
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func places(_ counts: [Int]) -> [UInt8] {
    let order = counts.indices.sorted {
      counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
    }
    var places = [UInt8](repeating: UInt8(most), count: counts.count)
    for (place, level) in order.prefix(most - 1).enumerated() { places[level] = UInt8(place + 1) }
    return places
  }
}

/// Rows as bins, row by row: `[count, width]`.
struct BinnedRows {
  let values: [UInt8]
  let width: Int
  let count: Int
}
