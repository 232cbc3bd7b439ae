internal import CFusedLoops
import TensorGraph

extension Lowering {
  /// Copies a block of `extents` from one strided view to another.
  private func copy(
    _ extents: [Int], from: Value, _ fromStrides: [Int], start: Int = 0, to: Value,
    _ toStrides: [Int], offset: Int = 0
  ) {
    run { threads in
      cvae_strided_copy(
        Int32(extents.count), extents, from.floats + start, fromStrides, to.floats + offset,
        toStrides, threads)
    }
  }

  func lowerBroadcast(_ node: Node, _ operands: [Node]) throws {
    let from = try value(of: operands[0], as: .float32)
    let source = graph.shape(of: operands[0])
    let target = graph.shape(of: node)
    let added = target.rank - source.rank
    let own = source.strides
    let repeated = (0..<target.rank).map { axis in
      axis < added || source.dimensions[axis - added] == 1 ? 0 : own[axis - added]
    }
    copy(target.dimensions, from: from, repeated, to: define(node), target.strides)
  }

  func lowerTranspose(_ node: Node, _ operands: [Node], _ order: [Int]) throws {
    let from = try value(of: operands[0], as: .float32)
    let own = graph.shape(of: operands[0]).strides
    let target = graph.shape(of: node)
    copy(target.dimensions, from: from, order.map { own[$0] }, to: define(node), target.strides)
  }

  func lowerConcatenate(_ node: Node, _ operands: [Node], _ axis: Int) throws {
    let parts = try operands.map { try value(of: $0, as: .float32) }
    let result = define(node)
    let target = graph.shape(of: node).strides
    var start = 0
    for (operand, part) in zip(operands, parts) {
      let source = graph.shape(of: operand)
      copy(
        source.dimensions, from: part, source.strides, to: result, target,
        offset: start * target[axis])
      start += source.dimensions[axis]
    }
  }

  func lowerSlice(_ node: Node, _ operands: [Node], _ axis: Int, _ start: Int) throws {
    let from = try value(of: operands[0], as: .float32)
    let own = graph.shape(of: operands[0]).strides
    let target = graph.shape(of: node)
    copy(
      target.dimensions, from: from, own, start: start * own[axis], to: define(node),
      target.strides)
  }

  func lowerPad(_ node: Node, _ operands: [Node], _ axis: Int, _ before: Int) throws {
    let from = try value(of: operands[0], as: .float32)
    let result = define(node)
    let source = graph.shape(of: operands[0])
    let shape = graph.shape(of: node)
    let target = shape.strides
    run { _ in cvae_fill(result.floats, 0, shape.count) }
    copy(
      source.dimensions, from: from, source.strides, to: result, target,
      offset: before * target[axis])
  }

  func lowerSum(_ node: Node, _ operands: [Node], _ axes: [Int]) throws {
    let source = graph.shape(of: operands[0])
    if source.rank == 4, axes == [1, 2] { return try lowerPixelSum(node, operands) }
    let leading = Array(0..<axes.count)
    let trailing = Array((source.rank - axes.count)..<source.rank)
    let count = graph.shape(of: node).count
    if axes == leading, axes.count < source.rank {
      let x = try value(of: operands[0])
      let result = define(node)
      let rows = source.count / count
      return run { cvae_sum_columns(x.tensor, result.floats, rows, count, $0) }
    }
    let x = try value(of: operands[0], as: .float32)
    let result = define(node)
    if axes == trailing {
      let columns = source.count / count
      return run { cvae_sum_rows(x.floats, result.floats, count, columns, $0) }
    }
    var kept = graph.shape(of: node).strides.makeIterator()
    let target = (0..<source.rank).map { axes.contains($0) ? 0 : kept.next() ?? 0 }
    let extents = source.dimensions
    run {
      cvae_strided_sum(Int32(extents.count), extents, x.floats, result.floats, target, count, $0)
    }
  }
}
