import Foundation
public import TensorGraph

/// Values for a case's operands, drawn from their domains: a function of the seed alone.
public struct OpValues: Sendable {
  /// To which numbers drawn values are rounded, so that executors begin with equal ones.
  public enum Rounding: Sendable {
    /// As drawn.
    case double
    /// To 24 significant bits.
    case float32
    /// To 8 significant bits.
    case bfloat16

    /// The nearest number that the precision holds, ties to even.
    public func callAsFunction(_ value: Double) -> Double {
      switch self {
      case .double: return value
      case .float32: return Double(Float(value))
      case .bfloat16:
        let bits = Float(value).bitPattern
        return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
      }
    }
  }

  /// One tensor for each real operand.
  public var operands: [Tensor]
  /// One list for each index operand.
  public let indices: [[Int32]]
  /// For the result's shape.
  public let cotangent: Tensor
  /// Where the random operations stand.
  public let position: RandomPosition

  /// Draws ordinary values, or where `extremes` is set each operand's extremes in random order.
  public init(
    for opCase: OpCase, result: Shape, seed: UInt64, rounding: Rounding = .double,
    extremes: Bool = false
  ) {
    let random = RandomPosition(seed: seed, step: 0)
    func numbers(_ purpose: String, _ count: Int) -> [Double] {
      let purpose = RandomPurpose("\(opCase.name) \(purpose)")
      return (0..<count).map { random.uniform(purpose, record: 0, column: $0) }
    }
    operands = opCase.operands.enumerated().map { place, operand in
      let drawn = numbers("operand \(place)", operand.shape.count).map { number in
        extremes && !operand.extremes.isEmpty
          ? operand.extremes[Int(number * Double(operand.extremes.count))]
          : operand.domain.lowerBound
            + number * (operand.domain.upperBound - operand.domain.lowerBound)
      }
      return Tensor(operand.shape, drawn.map { rounding($0) })
    }
    indices = opCase.indices.enumerated().map { place, list in
      numbers("indices \(place)", list.count).map { Int32($0 * Double(list.levels)) }
    }
    cotangent = Tensor(
      result, numbers("cotangent", result.count).map { rounding(2 * $0 - 1) })
    position = RandomPosition(seed: seed, step: 7)
  }
}
