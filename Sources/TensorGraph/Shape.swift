/// The extent of a tensor along each axis; an empty list is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// Extents from the outermost axis to the innermost, each at least 1.
  public let dimensions: [Int]

  /// Makes a shape; every extent must be at least 1.
  public init(_ dimensions: [Int]) {
    precondition(
      dimensions.allSatisfy { $0 > 0 }, "A shape's extents are at least 1: \(dimensions)")
    self.dimensions = dimensions
  }

  /// Makes a shape from a literal such as `[128, 784]`.
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The number of elements.
  public var count: Int { dimensions.reduce(1, *) }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The extent of the last axis, 1 for a scalar.
  public var columns: Int { dimensions.last ?? 1 }

  /// The product of all extents but the last.
  public var rows: Int { count / columns }

  /// As a list, `[128, 784]`.
  public var description: String { "\(dimensions)" }

  /// The common shape that two operands of an elementwise operation are stretched to: axes are aligned at
  /// the right, and an extent of 1 or a missing axis stretches. Nil where they don't fit.
  func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var result: [Int] = []
    for axis in 0..<rank {
      let mine = aligned(axis, rank: rank)
      let theirs = other.aligned(axis, rank: rank)
      guard mine == theirs || mine == 1 || theirs == 1 else { return nil }
      result.append(max(mine, theirs))
    }
    return Shape(result)
  }

  private func aligned(_ axis: Int, rank: Int) -> Int {
    let own = axis - (rank - self.rank)
    return own < 0 ? 1 : dimensions[own]
  }
}

/// An operation met operands it can't combine.
public struct ShapeMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operation that failed, by its public name.
  public let operation: String
  /// What it needed, in words.
  public let expected: String
  /// The shapes it was given.
  public let actual: [Shape]

  init(_ operation: String, expected: String, actual: Shape...) {
    self.operation = operation
    self.expected = expected
    self.actual = actual
  }

  /// One sentence that names the operation, what it needed and what came.
  public var description: String {
    "\(operation): expected \(expected), got \(actual.map(\.description).joined(separator: " and "))."
  }
}
