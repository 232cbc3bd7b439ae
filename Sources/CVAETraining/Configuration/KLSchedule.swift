import RecordTypes

/// The weight of the KL term in the loss, over a run; the reported bound never carries it.
///
/// A linear schedule at batch *b* of *B* in epoch *e*, both from 0, has the weight
/// `from + (to − from) · min(1, (e + b / B) / epochs)`.
///
/// - Source: Bowman et al., *Generating Sentences from a Continuous Space*, 2016, section 3.1.
public enum KLSchedule: Hashable, Sendable {
  /// The same weight throughout.
  case constant(Double)
  /// A straight line over the first epochs (the warm-up), then its final value.
  case linear(from: Double, to: Double, epochs: Int)

  /// The weight of a batch; epoch and batch count from 0.
  public func weight(epoch: Int, batch: Int, of batches: Int) -> Double {
    switch self {
    case .constant(let value): return value
    case .linear(let from, let to, let epochs):
      let progress = (Double(epoch) + Double(batch) / Double(batches)) / Double(epochs)
      return progress >= 1 ? to : from + (to - from) * progress
    }
  }

  /// The epochs before the weight has reached its final value.
  public var warmupEpochs: Int {
    switch self {
    case .constant: 0
    case .linear(_, _, let epochs): epochs
    }
  }
}

extension KLSchedule: Codable {
  enum Kind: String, Codable, CaseIterable {
    case constant, linear
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, value, from, to, epochs
  }

  /// Reads `{kind: constant, value}` or `{kind: linear, from, to, epochs}`.
  public init(from decoder: any Decoder) throws {
    let place = "training.klWeight"
    var kind = Kind.constant
    try Settings<CodingKeys>(decoder, of: place).update(&kind, .kind)
    let known: [CodingKeys] =
      switch kind {
      case .constant: [.kind, .value]
      case .linear: [.kind, .from, .to, .epochs]
      }
    let settings = try Settings(decoder, of: "\(place) of kind \(kind)", known: known)
    switch kind {
    case .constant:
      var value = 1.0
      try settings.update(&value, .value)
      self = .constant(value)
    case .linear:
      var (from, to) = (0.0, 1.0)
      try settings.update(&from, .from)
      try settings.update(&to, .to)
      let epochs = try settings.container.decode(Int.self, forKey: .epochs)
      self = .linear(from: from, to: to, epochs: epochs)
    }
  }

  /// Writes the keys that the kind has.
  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .constant(let value):
      try keys.encode(Kind.constant, forKey: .kind)
      try keys.encode(value, forKey: .value)
    case .linear(let from, let to, let epochs):
      try keys.encode(Kind.linear, forKey: .kind)
      try keys.encode(from, forKey: .from)
      try keys.encode(to, forKey: .to)
      try keys.encode(epochs, forKey: .epochs)
    }
  }
}
