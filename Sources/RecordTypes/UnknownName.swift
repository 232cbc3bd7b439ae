/// A name that isn't among those that are known.
public struct UnknownName: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of thing that should have been named: `"field"`, `"level of 'label'"`.
  public let kind: String
  /// The name that came.
  public let name: String
  /// The names there are.
  public let known: [String]

  /// `name` isn't one of `known`.
  public init(kind: String, name: String, known: [String]) {
    self.kind = kind
    self.name = name
    self.known = known
  }

  /// The known names that are most like it, three at most, whatever the case of their letters.
  ///
  /// A name that contains it counts as one edit away. A name that shares less than half of its letters is
  /// never near. Where it is a number and names are, too, the next below and above are the nearest.
  public var nearest: [String] {
    if let number = NumberNames.value(name) {
      let numbers = NumberNames(known)
      let places = numbers.nearest(to: numbers.value(name) ?? number)
      if !places.isEmpty { return places.map { known[$0] } }
    }
    let wanted = Array(name.lowercased())
    let distances = known.map { candidate in
      let letters = candidate.lowercased()
      if wanted.count > 1, letters.contains(name.lowercased()) { return min(1, letters.count) }
      return EditDistance.between(wanted, Array(letters))
    }
    guard let least = distances.min(), least <= max(1, wanted.count / 2) else { return [] }
    return Array(zip(known, distances).filter { $0.1 == least }.map(\.0).prefix(3))
  }

  /// One sentence with the nearest names; it also lists all names if they are twelve or fewer, or twenty or
  /// fewer where none is near.
  public var description: String {
    let hasTwin = known.contains { $0 == name && ByteText($0) != ByteText(name) }
    let list = { Self.list($0, withCodePoints: hasTwin) }
    var parts = ["No \(kind) is named \(list([name]))"]
    switch nearest.count {
    case 0: break
    case 1: parts.append("the nearest is \(list(nearest))")
    default: parts.append("the nearest are \(list(nearest))")
    }
    switch known.count {
    case 0: parts.append("there is none")
    case ...(nearest.isEmpty ? 20 : 12): parts.append("known: \(list(known))")
    default: parts.append("there are \(known.count)")
    }
    return parts.joined(separator: "; ") + "."
  }

  /// The names; with code points where two of them look alike.
  private static func list(_ names: [String], withCodePoints: Bool) -> String {
    names.map { withCodePoints ? $0.withCodePoints : "'\($0)'" }.joined(separator: ", ")
  }
}

/// How many edits lie between two words.
enum EditDistance {
  /// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into
  /// the other: Damerau, *A technique for computer detection and correction of spelling errors*,
  /// 1964, no letter edited twice.
  static func between(_ first: [Character], _ second: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        var best = min(last[column + 1], current[column]) + 1
        best = min(best, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[second.count]
  }
}
