import TensorGraph

/// The role of a cell of a record.
enum CellRole: UInt8 {
  /// Of the condition y.
  case given
  /// Of the observation x.
  case target
  /// Of neither; no network sees it.
  case absent
}

/// What decides over the dropout and the masks of a batch.
struct CellDraws {
  let position: RandomPosition
  /// The probability by which a given value becomes "any".
  let dropout: Double
  /// For each row the number of a field that is given in any case, -1 for none; nil where there is no such row.
  let given: [Int32]?
  private let numbers: [Int32]?

  init(_ position: RandomPosition, _ dropout: Double, _ numbers: [Int32]?, _ given: [Int32]?) {
    (self.position, self.dropout, self.numbers, self.given) = (position, dropout, numbers, given)
  }

  /// What addresses a row's random numbers.
  func number(_ row: Int, _ record: Int32) -> UInt32 {
    UInt32(bitPattern: given == nil ? record : numbers?[row] ?? record)
  }
}
