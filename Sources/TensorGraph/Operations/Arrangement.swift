extension Graph {
  /// The same elements in the same order under another shape.
  public mutating func reshape(_ x: Node, _ target: Shape) throws(ShapeMismatch) -> Node {
    guard shape(of: x).count == target.count else {
      throw ShapeMismatch(
        "reshape", expected: "\(target.count) elements for \(target)", actual: shape(of: x))
    }
    return reshapeUnchecked(x, target)
  }

  mutating func reshapeUnchecked(_ x: Node, _ target: Shape) -> Node {
    shape(of: x) == target ? x : append(.reshape, [x], shape: target)
  }

  /// Axes in another order: axis `i` of the result is axis `order[i]` of the operand.
  public mutating func transpose(_ x: Node, order: [Int]) throws(ShapeMismatch) -> Node {
    let source = shape(of: x)
    guard order.sorted() == Array(0..<source.rank) else {
      throw ShapeMismatch("transpose", expected: "the axes of \(order)", actual: source)
    }
    return append(.transpose(order), [x], shape: Shape(order.map { source.dimensions[$0] }))
  }

  /// Operands joined along one axis; all other extents agree.
  public mutating func concatenate(_ parts: [Node], axis: Int) throws(ShapeMismatch) -> Node {
    precondition(!parts.isEmpty, "concatenate needs an operand.")
    var dimensions = shape(of: parts[0]).dimensions
    guard dimensions.indices.contains(axis) else {
      throw ShapeMismatch("concatenate", expected: "an axis \(axis)", actual: shape(of: parts[0]))
    }
    for part in parts.dropFirst() {
      var other = shape(of: part).dimensions
      guard other.count == dimensions.count else {
        throw ShapeMismatch(
          "concatenate", expected: "equal ranks", actual: shape(of: parts[0]), shape(of: part))
      }
      let extent = other[axis]
      other[axis] = dimensions[axis]
      guard other == dimensions else {
        throw ShapeMismatch(
          "concatenate", expected: "equal extents beside axis \(axis)",
          actual: shape(of: parts[0]), shape(of: part))
      }
      dimensions[axis] += extent
    }
    if parts.count == 1 { return parts[0] }
    return append(.concatenate(axis: axis), parts, shape: Shape(dimensions))
  }

  /// Elements `range` of one axis.
  public mutating func slice(
    _ x: Node, axis: Int, _ range: Range<Int>
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: x)
    guard source.dimensions.indices.contains(axis), !range.isEmpty, range.lowerBound >= 0,
      range.upperBound <= source.dimensions[axis]
    else {
      throw ShapeMismatch("slice", expected: "elements \(range) of axis \(axis)", actual: source)
    }
    return sliceUnchecked(x, axis: axis, range)
  }

  mutating func sliceUnchecked(_ x: Node, axis: Int, _ range: Range<Int>) -> Node {
    var dimensions = shape(of: x).dimensions
    if range == 0..<dimensions[axis] { return x }
    dimensions[axis] = range.count
    return append(
      .slice(axis: axis, start: range.lowerBound, end: range.upperBound), [x],
      shape: Shape(dimensions))
  }

  /// Equal parts of one axis, in order.
  public mutating func split(
    _ x: Node, axis: Int, into count: Int
  ) throws(ShapeMismatch) -> [Node] {
    let source = shape(of: x)
    guard source.dimensions.indices.contains(axis), count > 0,
      source.dimensions[axis] % count == 0
    else {
      throw ShapeMismatch("split", expected: "axis \(axis) to part in \(count)", actual: source)
    }
    let extent = source.dimensions[axis] / count
    return (0..<count).map {
      sliceUnchecked(x, axis: axis, $0 * extent..<($0 + 1) * extent)
    }
  }

  /// Zeros before and behind along one axis.
  public mutating func pad(_ x: Node, axis: Int, before: Int, after: Int) -> Node {
    var dimensions = shape(of: x).dimensions
    dimensions[axis] += before + after
    return append(.pad(axis: axis, before: before, after: after), [x], shape: Shape(dimensions))
  }
}

enum ArrangementGradient {
  /// The inverse order.
  static func transpose(_ graph: inout Graph, order: [Int], upstream: Node) -> Node {
    var inverse = order
    for (axis, source) in order.enumerated() { inverse[source] = axis }
    let source = graph.shape(of: upstream)
    return graph.append(
      .transpose(inverse), [upstream], shape: Shape(inverse.map { source.dimensions[$0] }))
  }

  /// Each operand gets its own part of upstream.
  static func concatenate(
    _ graph: inout Graph, operands: [Node], axis: Int, upstream: Node
  ) -> [Node?] {
    var start = 0
    return operands.map { operand in
      let extent = graph.shape(of: operand).dimensions[axis]
      defer { start += extent }
      return graph.sliceUnchecked(upstream, axis: axis, start..<start + extent)
    }
  }

  /// Zeros outside of the slice.
  static func slice(
    _ graph: inout Graph, input: Node, axis: Int, start: Int, end: Int, upstream: Node
  ) -> Node {
    let extent = graph.shape(of: input).dimensions[axis]
    return graph.pad(upstream, axis: axis, before: start, after: extent - end)
  }

  /// The part between the zeros.
  static func pad(
    _ graph: inout Graph, input: Node, axis: Int, before: Int, upstream: Node
  ) -> Node {
    let extent = graph.shape(of: input).dimensions[axis]
    return graph.sliceUnchecked(upstream, axis: axis, before..<before + extent)
  }
}
