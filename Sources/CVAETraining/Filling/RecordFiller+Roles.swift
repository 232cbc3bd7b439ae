import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph

/// Decides whether a cell is given, a target, or absent.
extension RecordFiller {
  func isKnown(_ source: Source, _ record: Int32) -> Bool {
    guard source.hasMissing else { return true }
    guard let column = source.column else { return false }
    return reader.isKnown(field: column, record: record)
  }

  /// The role of each record's value; that a value is absent is itself the value of another variable.
  func makeRoles(
    _ source: Source, _ records: UnsafeBufferPointer<Int32>, _ draws: CellDraws,
    cells: UnsafeMutableBufferPointer<Float>, into roles: UnsafeMutableBufferPointer<CellRole>
  ) {
    let saysAbsence =
      source.input.isAbsence
      || !source.input.isGiven && source.input.features.isIndex && source.input.field.mayBeMissing
    let absent = absent[source.input.field.name]
    for (index, record) in records.enumerated() {
      let isAlwaysThere = saysAbsence && (meaning == .observed || absent?[Int(record)] == true)
      let isKnown = isAlwaysThere || isKnown(source, record)
      switch source.roles {
      case .given(let purpose):
        let isDropped =
          draws.dropout > 0 && draws.given?[index] != Int32(source.field)
          && draws.position.uniform(purpose, record: draws.number(index, record), column: 0)
            < draws.dropout
        roles[index] = isKnown && !isDropped ? .given : .absent
      case .generated: roles[index] = isKnown ? .target : .absent
      case .masked(let cell):
        if !isKnown {
          roles[index] = .absent
        } else if meaning == .requested {
          roles[index] = .given
        } else {
          let value = cells[index * (row?.count ?? 0) + cell]
          roles[index] = value == 1 ? .given : value == 0 ? .target : .absent
        }
      }
    }
  }
}
