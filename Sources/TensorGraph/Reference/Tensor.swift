/// Numbers in row-major order, as the reference computes with them.
public struct Tensor: Hashable, Sendable {
  /// Its extent.
  public let shape: Shape
  /// As many as the shape has elements, the last axis running fastest.
  public var values: [Double]

  /// Pairs numbers with a shape that has as many elements.
  public init(_ shape: Shape, _ values: [Double]) {
    precondition(
      values.count == shape.count,
      "A tensor of shape \(shape) has \(shape.count) elements, not \(values.count).")
    self.shape = shape
    self.values = values
  }

  /// One number in every element.
  public init(_ shape: Shape, repeating value: Double) {
    self.init(shape, [Double](repeating: value, count: shape.count))
  }

  /// A scalar.
  public init(_ value: Double) { self.init([], [value]) }

  /// A function of each element.
  func map(_ function: (Double) -> Double) -> Tensor { Tensor(shape, values.map(function)) }

  /// A function of two tensors' elements, of equal shape.
  func zip(_ other: Tensor, _ function: (Double, Double) -> Double) -> Tensor {
    precondition(shape == other.shape, "Elementwise operands of shapes \(shape), \(other.shape).")
    var result = self
    for index in values.indices {
      result.values[index] = function(values[index], other.values[index])
    }
    return result
  }

  /// A function of each row, which is the last axis.
  func mapRows(_ function: (ArraySlice<Double>) -> [Double]) -> Tensor {
    Tensor(shape, rowSlices.flatMap(function))
  }

  /// One number from each row; the last axis vanishes.
  func reduceRows(_ function: (ArraySlice<Double>) -> Double) -> Tensor {
    Tensor(Shape(Array(shape.dimensions.dropLast())), rowSlices.map(function))
  }

  /// The rows, which the last axis forms.
  var rowSlices: [ArraySlice<Double>] {
    (0..<shape.rows).map { values[$0 * shape.columns..<($0 + 1) * shape.columns] }
  }
}

extension Shape {
  /// The distance in memory between neighbours along each axis, row-major.
  package var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }

  /// Where each element of this shape, in row-major order, lies in a memory with other strides.
  func offsets(strides: [Int], start: Int = 0) -> [Int] {
    var result = [start]
    result.reserveCapacity(count)
    for axis in 0..<rank {
      let steps = (0..<dimensions[axis]).map { $0 * strides[axis] }
      result = result.flatMap { base in steps.map { base + $0 } }
    }
    return result
  }
}
