/// A trained tensor: its full path name, which is its key in a checkpoint, and its shape.
public struct Parameter: Hashable, Sendable {
  /// For example `decoder.hidden0.weight`.
  public let name: String
  /// Its extent.
  public let shape: Shape
}

/// How a parameter's first values are drawn.
public enum Initializer: Hashable, Sendable {
  case zeros
  /// One number everywhere.
  case constant(Double)
  /// Uniform in ±1/√fanIn: LeCun et al., *Efficient BackProp*, 1998. `fanIn` counts all inputs of
  /// the layer, also those that come through other tensors.
  case uniform(fanIn: Int)
  /// These numbers, row-major.
  case values([Float])
}

/// The parameters of a model, declared once each, with their first values.
public struct ParameterStore: Sendable {
  /// In the order of declaration.
  public private(set) var parameters: [Parameter] = []
  private var initializers: [String: Initializer] = [:]
  private let seed: UInt64

  /// An empty store; first values depend on `seed` and each parameter's name alone.
  public init(seed: UInt64) { self.seed = seed }

  /// Declares a parameter; its name must be new.
  public mutating func declare(
    _ name: String, _ shape: Shape, _ initializer: Initializer
  ) -> Parameter {
    precondition(initializers[name] == nil, "Parameter \(name) is declared twice.")
    let parameter = Parameter(name: name, shape: shape)
    parameters.append(parameter)
    initializers[name] = initializer
    return parameter
  }

  /// The number of trained numbers.
  public var count: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// A parameter's first values, row-major.
  public func initialValues(of parameter: Parameter) -> [Float] {
    let count = parameter.shape.count
    switch initializers[parameter.name] {
    case nil, .zeros: return [Float](repeating: 0, count: count)
    case .constant(let value): return [Float](repeating: Float(value), count: count)
    case .values(let values): return values
    case .uniform(let fanIn):
      let bound = 1 / Double(max(1, fanIn)).squareRoot()
      let position = RandomPosition(seed: seed, step: 0)
      let purpose = RandomPurpose("initial " + parameter.name)
      return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        for block in 0..<((count + 3) / 4) {
          let words = position.words(purpose, record: 0, block: UInt32(block))
          for lane in 0..<min(4, count - 4 * block) {
            let value = (2 * Philox.uniform(words[lane]) - 1) * bound
            buffer.initializeElement(at: 4 * block + lane, to: Float(value))
          }
        }
        filled = count
      }
    }
  }
}
