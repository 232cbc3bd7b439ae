import CVAEModels
public import CVAETraining
public import RecordTypes

extension Conditions {
  /// One record's condition with some fields replaced, for `count` records.
  ///
  /// - Parameters:
  ///   - own: Conditions of several records.
  ///   - row: Which of them.
  ///   - values: The fields that are replaced.
  /// - Throws: ``UnknownName``, ``MisplacedCondition`` for a field that isn't given.
  public init(
    _ own: Conditions, row: Int, replacing values: [String: GivenValue], count: Int,
    model: TrainedModel
  ) throws {
    let named = try Conditions(values, count: count, model: model)
    var columns = named.columns
    for field in model.model.givenInputs.map(\.field) where values[field.name] == nil {
      switch own.columns[field.name] {
      case .levels(let levels):
        columns[field.name] = .levels([Int32](repeating: levels[row], count: count))
      case .reals(let numbers):
        let value = numbers[row * field.width..<(row + 1) * field.width]
        columns[field.name] = .reals((0..<count).flatMap { _ in value })
      case nil: preconditionFailure("The condition on '\(field.name)' is missing.")
      }
    }
    self.init(count: count, columns: columns)
  }

  /// Checks that nothing is unknown that the model can't do without.
  ///
  /// - Throws: ``TransferFailure/cannotBeUnknown(field:)``.
  func requireKnown(_ model: TrainedModel) throws {
    guard !model.model.acceptsMissing else { return }
    for (name, column) in columns.sorted(by: { $0.key < $1.key }) {
      let isKnown =
        switch column {
        case .levels(let levels): !levels.contains { $0 < 0 }
        case .reals(let numbers): !numbers.contains(where: \.isNaN)
        }
      if !isKnown { throw TransferFailure.cannotBeUnknown(field: name) }
    }
  }
}
