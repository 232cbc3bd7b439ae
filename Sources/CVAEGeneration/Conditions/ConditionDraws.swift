import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// Draws a field's values as often as training records have them.
struct ConditionDraws {
  private let position: RandomPosition
  private let purpose: RandomPurpose
  private let counts: [Int]
  private let scale: FieldScale?
  private let map: QuantileMap?
  private let form: NumberForm?
  private let discrete: DiscreteKind?

  init(_ field: Field, model: TrainedModel, seed: UInt64) {
    position = RandomPosition(seed: seed, step: 0)
    purpose =
      model.model.inputs.first { $0.name == field.name }.map {
        model.model.purpose(.condition, of: $0)
      } ?? RandomPurpose("condition \(field.name)")
    counts = model.preprocessing.levelCounts[field.name] ?? []
    scale = model.preprocessing.scales[field.name]
    map = model.preprocessing.quantiles[field.name]
    form = model.preprocessing.forms[field.name]
    discrete = field.kind.content as? DiscreteKind
  }

  /// The nearest number that a record can have.
  private func rounded(_ number: Double) -> Double {
    if let discrete { return discrete.values[discrete.index(nearest: number)] }
    return form?.rounded(number) ?? number
  }

  private func uniform(_ record: Int, _ component: Int = 0) -> Double {
    position.uniform(purpose, record: UInt32(truncatingIfNeeded: record), column: component)
  }

  /// One of `levels`; where no training record has any of them, each equally often.
  func level(of levels: [Int], record: Int) -> Int32 {
    let weights = levels.map { $0 < counts.count ? Double(counts[$0]) : 0 }
    let total = weights.reduce(0, +)
    var rest = uniform(record) * (total > 0 ? total : Double(levels.count))
    let place = weights.firstIndex { weight in
      rest -= total > 0 ? weight : 1
      return rest < 0
    }
    return Int32(levels[place ?? levels.count - 1])
  }

  /// A number within `range`; where no training record lies there, uniform in it. A number of a table is one
  /// that its column can have, if the range contains any.
  func number(within range: ClosedRange<Double>, record: Int) -> Double {
    let share = uniform(record)
    let uniform = range.lowerBound + share * (range.upperBound - range.lowerBound)
    let number = map?.number(share, within: range) ?? uniform
    let rounded = rounded(number)
    return range.contains(rounded) ? rounded : number
  }

  /// A number: for a table from its column's own distribution, else uniform between the least and the
  /// greatest in the training records.
  func number(component: Int, record: Int) -> Double {
    if let map {
      let normal = position.normal(purpose, record: UInt32(truncatingIfNeeded: record), column: 0)
      let number = map.number(Float(normal))
      return rounded(number)
    }
    guard let scale else { return 0 }
    let (low, high) = (scale.minimum[component], scale.maximum[component])
    return low + uniform(record, component) * (high - low)
  }
}
