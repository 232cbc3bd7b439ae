package import RecordTypes
import TensorFiles

/// A column of a table of texts, and what field it makes.
package struct MetadataColumn {
  package let path: String
  package let name: String
  /// One for each record.
  let cells: [String]
  /// The line of the file that each cell's record begins on.
  let lines: [Int]

  /// What becomes of the column.
  package enum Content {
    case field(FieldKind, Column)
    /// It is no field, because of what completes "as …".
    case nothing(String)
  }

  /// Takes a column of a table as it stands in the file.
  package init(path: String, name: String, cells: [String], lines: [Int]) {
    self.path = path
    self.name = name
    self.cells = cells
    self.lines = lines
  }

  /// What stands for a missing value.
  static let missing: Set = ["", "NA", "NaN", "nan", "null", "?"]
  /// Whole numbers of no more different values are levels, in the order of the numbers.
  static let mostOrdinals = 20

  /// Numbers make a field of numbers, or a category where they are whole and few; texts make a
  /// category, unless most of them differ.
  ///
  /// - Parameter kind: What the user says that it is.
  /// - Throws: `DataFileFailure` that names the line of a text where a number is wanted.
  package func content(as kind: FieldRequest.Kind?) throws -> Content {
    let known = cells.filter { !Self.missing.contains($0) }
    guard !known.isEmpty else { return .nothing("it has no value") }
    let numbers = cells.map(Self.number)
    let areNumbers = numbers.count { $0 != nil } == known.count
    let distinct = Set(known)
    switch kind {
    case .number:
      if let wrong = firstText(numbers) {
        throw DataFileFailure(
          path: "\(path), line \(lines[wrong])", expected: "a number in column '\(name)'",
          actual: "'\(cells[wrong])'", advice: "correct it, or leave it empty where it is unknown")
      }
      return reals(numbers)
    case .category: return areNumbers ? numbered(numbers) : category(distinct)
    case nil: break
    }
    if areNumbers {
      let values = Set(numbers.compactMap(\.self))
      let areFew = values.count <= Self.mostOrdinals
      return areFew && values.allSatisfy { Self.isWhole($0) } ? numbered(numbers) : reals(numbers)
    }
    let mostDiffer = distinct.count > max(Self.mostOrdinals, known.count / 2)
    guard mostDiffer || distinct.count == known.count && known.count > 1 else {
      return category(distinct)
    }
    var reason = "\(distinct.count) of its \(known.count) texts differ"
    if distinct.count == known.count { reason = "all of its texts differ" }
    let texts = known.count - numbers.count { $0 != nil }
    if texts * 10 <= known.count, let first = firstText(numbers) {
      reason += "; nearly all are numbers, but '\(cells[first])' in line \(lines[first]) is not"
    }
    return .nothing(reason)
  }

  /// A finite number; nil for other texts.
  private static func number(_ cell: String) -> Double? {
    guard !missing.contains(cell), let number = Double(cell), number.isFinite else { return nil }
    return number
  }

  private static func isWhole(_ number: Double) -> Bool {
    number == number.rounded() && abs(number) < 0x1p53
  }

  private func firstText(_ numbers: [Double?]) -> Int? {
    cells.indices.first { numbers[$0] == nil && !Self.missing.contains(cells[$0]) }
  }

  private func reals(_ numbers: [Double?]) -> Content {
    .field(.number, .reals(numbers.map { $0.map { Float($0) } ?? .nan }, width: 1))
  }

  /// A category with the numbers as levels, in their order.
  private func numbered(_ numbers: [Double?]) -> Content {
    func text(_ number: Double) -> String {
      Self.isWhole(number) ? "\(Int(number))" : "\(number)"
    }
    let levels = Set(numbers.compactMap(\.self)).sorted().map(text)
    return .field(
      .category(levels: levels), LevelOrder.column(numbers.map { $0.map(text) ?? "" }, levels))
  }

  private func category(_ distinct: Set<String>) -> Content {
    let levels = distinct.sorted()
    return .field(.category(levels: levels), LevelOrder.column(cells, levels))
  }
}
