import CVAEModels
public import CVAETraining
import ConditionalData
import Foundation
import RecordSchema

extension Conditions {
  /// What training records never had, each in a sentence that says how far outside it lies.
  public func uncovered(by model: TrainedModel) -> [String] {
    model.conditionFields.flatMap { field -> [String] in
      switch columns[field.name] {
      case .levels(let levels): Self.unseen(Set(levels), of: field, model)
      case .reals(let numbers): Self.outside(numbers, of: field, model)
      case nil: []
      }
    }
  }

  private static func unseen(
    _ levels: Set<Int32>, of field: Field, _ model: TrainedModel
  ) -> [String] {
    guard let counts = model.preprocessing.levelCounts[field.name] else { return [] }
    let unseen = levels.sorted().filter { $0 >= 0 && counts[Int($0)] == 0 }
    guard !unseen.isEmpty else { return [] }
    let names = unseen.map { "'\(field.levels[Int($0)])'" }.joined(separator: ", ")
    return ["no training record has \(field.name) \(names); the model guesses."]
  }

  /// The number that lies furthest outside, in each direction.
  private static func outside(
    _ numbers: [Float], of field: Field, _ model: TrainedModel
  ) -> [String] {
    guard let scale = model.preprocessing.scales[field.name] else { return [] }
    let width = scale.minimum.count
    let form = model.preprocessing.forms[field.name]
    func text(_ number: Double) -> String { form?.text(number) ?? "\(Float(number))" }
    var sentences: [String] = []
    for component in 0..<width {
      let own = stride(from: component, to: numbers.count, by: width).lazy.map { numbers[$0] }
        .filter { !$0.isNaN }
      guard let least = own.min(), let greatest = own.max() else { continue }
      let (low, high) = (scale.minimum[component], scale.maximum[component])
      // Values are kept in Float, so the bounds are compared as such.
      for (number, bound) in [(least, low), (greatest, high)]
      where bound == low ? number < Float(low) : number > Float(high) {
        let distance = abs(Double(number) - bound)
        let deviations = String(format: "%.1f", distance / scale.standardDeviation[component])
        sentences.append(
          "'\(field.name)' = \(text(Double(number))) lies outside of the trained range "
            + "\(text(low)) to \(text(high)), by \(deviations) standard deviations; the model "
            + "extrapolates.")
      }
    }
    return sentences
  }
}
