/// Operations that only move elements.
enum ReferenceArrangement {
  static func transpose(_ x: Tensor, order: [Int]) -> Tensor {
    let own = x.shape.strides
    let target = Shape(order.map { x.shape.dimensions[$0] })
    let offsets = target.offsets(strides: order.map { own[$0] })
    return Tensor(target, offsets.map { x.values[$0] })
  }

  static func concatenate(_ parts: [Tensor], axis: Int, to target: Shape) -> Tensor {
    var result = Tensor(target, repeating: 0)
    var start = 0
    for part in parts {
      place(part, into: &result, axis: axis, start: start)
      start += part.shape.dimensions[axis]
    }
    return result
  }

  static func slice(_ x: Tensor, axis: Int, start: Int, to target: Shape) -> Tensor {
    let strides = x.shape.strides
    let offsets = target.offsets(strides: strides, start: start * strides[axis])
    return Tensor(target, offsets.map { x.values[$0] })
  }

  static func pad(_ x: Tensor, axis: Int, before: Int, to target: Shape) -> Tensor {
    var result = Tensor(target, repeating: 0)
    place(x, into: &result, axis: axis, start: before)
    return result
  }

  private static func place(_ part: Tensor, into whole: inout Tensor, axis: Int, start: Int) {
    let strides = whole.shape.strides
    let offsets = part.shape.offsets(strides: strides, start: start * strides[axis])
    for (offset, value) in zip(offsets, part.values) { whole.values[offset] = value }
  }
}
