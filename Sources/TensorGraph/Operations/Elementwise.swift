extension Graph {
  /// A function of each element.
  public mutating func unary(_ function: UnaryFunction, _ x: Node) -> Node {
    append(.unary(function), [x], shape: shape(of: x))
  }

  /// −x.
  public mutating func negate(_ x: Node) -> Node { unary(.negate, x) }
  /// eˣ.
  public mutating func exp(_ x: Node) -> Node { unary(.exp, x) }
  /// Natural logarithm; −∞ at 0, NaN below.
  public mutating func log(_ x: Node) -> Node { unary(.log, x) }
  /// √x.
  public mutating func squareRoot(_ x: Node) -> Node { unary(.squareRoot, x) }
  /// x².
  public mutating func square(_ x: Node) -> Node { unary(.square, x) }
  /// max(x, 0).
  public mutating func relu(_ x: Node) -> Node { unary(.relu, x) }
  /// x where it is positive, else slope · x; the slope is positive.
  public mutating func leakyRelu(_ x: Node, slope: Double = 0.01) -> Node {
    precondition(slope > 0, "A leaky slope is positive; relu is the one without.")
    return unary(.leakyRelu(slope: slope), x)
  }
  /// x · sigmoid(x), also called swish.
  public mutating func silu(_ x: Node) -> Node { unary(.silu, x) }
  /// Hyperbolic tangent.
  public mutating func tanh(_ x: Node) -> Node { unary(.tanh, x) }
  /// 1 / (1 + e⁻ˣ).
  public mutating func sigmoid(_ x: Node) -> Node { unary(.sigmoid, x) }
  /// log(1 + eˣ), exact to rounding at any magnitude.
  public mutating func softplus(_ x: Node) -> Node { unary(.softplus, x) }

  /// x + y; extents of 1 and missing axes at the left stretch.
  public mutating func add(_ x: Node, _ y: Node) throws(ShapeMismatch) -> Node {
    try binary(.add, x, y)
  }
  /// x − y, stretched likewise.
  public mutating func subtract(_ x: Node, _ y: Node) throws(ShapeMismatch) -> Node {
    try binary(.subtract, x, y)
  }
  /// x · y, stretched likewise.
  public mutating func multiply(_ x: Node, _ y: Node) throws(ShapeMismatch) -> Node {
    try binary(.multiply, x, y)
  }
  /// x / y, stretched likewise.
  public mutating func divide(_ x: Node, _ y: Node) throws(ShapeMismatch) -> Node {
    try binary(.divide, x, y)
  }
  /// factor · x.
  public mutating func scale(_ x: Node, by factor: Double) -> Node {
    let stretched = broadcastUnchecked(constant(factor), to: shape(of: x))
    return binaryUnchecked(.multiply, x, stretched)
  }

  /// Adds one row `[columns]` to every row of a matrix.
  public mutating func addRow(_ matrix: Node, _ row: Node) throws(ShapeMismatch) -> Node {
    guard shape(of: row).rank == 1, shape(of: matrix).columns == shape(of: row).count else {
      throw ShapeMismatch(
        "addRow", expected: "a matrix and a row of its width",
        actual: shape(of: matrix), shape(of: row))
    }
    return try add(matrix, row)
  }

  /// Stretches axes of extent 1 to `shape`, and adds axes at the left.
  public mutating func broadcast(_ x: Node, to target: Shape) throws(ShapeMismatch) -> Node {
    guard shape(of: x).broadcast(with: target) == target else {
      throw ShapeMismatch(
        "broadcast", expected: "a shape that stretches to \(target)", actual: shape(of: x))
    }
    return broadcastUnchecked(x, to: target)
  }

  /// A function of two tensors, each stretched to their common shape.
  public mutating func binary(
    _ function: BinaryFunction, _ x: Node, _ y: Node
  ) throws(ShapeMismatch) -> Node {
    guard let meeting = shape(of: x).broadcast(with: shape(of: y)) else {
      throw ShapeMismatch(
        "\(function)", expected: "shapes of which each axis is equal or 1",
        actual: shape(of: x), shape(of: y))
    }
    let left = broadcastUnchecked(x, to: meeting)
    let right = broadcastUnchecked(y, to: meeting)
    return binaryUnchecked(function, left, right)
  }

  mutating func binaryUnchecked(_ function: BinaryFunction, _ x: Node, _ y: Node) -> Node {
    append(.binary(function), [x, y], shape: shape(of: x))
  }

  mutating func broadcastUnchecked(_ x: Node, to target: Shape) -> Node {
    shape(of: x) == target ? x : append(.broadcast, [x], shape: target)
  }

  mutating func unaryGradient(_ function: UnaryFunction, _ x: Node, upstream: Node) -> Node {
    append(.unaryGradient(function), [x, upstream], shape: shape(of: x))
  }
}

enum ElementwiseGradient {
  /// d f(x) = f′(x) · upstream.
  static func unary(
    _ graph: inout Graph, _ function: UnaryFunction, input: Node, output: Node, upstream: Node
  ) -> Node {
    switch function {
    case .negate: graph.negate(upstream)
    default:
      graph.unaryGradient(
        function, function.slopeReadsOutput ? output : input, upstream: upstream)
    }
  }

  /// The product and quotient rules.
  static func binary(
    _ graph: inout Graph, _ function: BinaryFunction, _ x: Node, _ y: Node, output: Node,
    upstream: Node
  ) -> [Node?] {
    switch function {
    case .add: [upstream, upstream]
    case .subtract: [upstream, graph.negate(upstream)]
    case .multiply:
      [
        graph.binaryUnchecked(.multiply, upstream, y),
        graph.binaryUnchecked(.multiply, upstream, x),
      ]
    case .divide:
      [
        graph.binaryUnchecked(.divide, upstream, y),
        graph.negate(
          graph.binaryUnchecked(
            .divide, graph.binaryUnchecked(.multiply, upstream, output), y)),
      ]
    }
  }

  /// A stretched axis gathers its gradient by a sum.
  static func broadcast(_ graph: inout Graph, input: Node, upstream: Node) -> Node {
    let source = graph.shape(of: input)
    let target = graph.shape(of: upstream)
    let added = target.rank - source.rank
    let stretched = (0..<target.rank).filter { axis in
      axis < added || (source.dimensions[axis - added] == 1 && target.dimensions[axis] > 1)
    }
    return graph.reshapeUnchecked(graph.sumUnchecked(upstream, axes: stretched), source)
  }
}
