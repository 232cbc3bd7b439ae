import TensorGraph

/// Rows of a table, column by column.
struct TableRows: Equatable {
  let columns: [TableColumn]
  let count: Int

  /// At least one column, all of one length.
  init(_ columns: [TableColumn]) {
    self.columns = columns
    count = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == count }, "Columns differ in length.")
  }

  func picked(_ rows: [Int32]) -> TableRows { TableRows(columns.map { $0.picked(rows) }) }

  /// At most `count` rows in a random order that `seed` and `purpose` decide.
  func sample(_ count: Int, _ purpose: String, seed: UInt64) -> TableRows {
    let order = RandomPosition(seed: seed, step: 0)
      .permutation(RandomPurpose("fidelity " + purpose), count: self.count)
    return picked(Array(order.prefix(count)))
  }

  /// The rows where column `index` is known.
  func known(_ index: Int) -> TableRows {
    let column = columns[index]
    return picked((0..<Int32(count)).filter { column.isKnown(Int($0)) })
  }

  /// All columns but one.
  func without(_ index: Int) -> [TableColumn] {
    columns.indices.filter { $0 != index }.map { columns[$0] }
  }

  /// These rows, and then those of `other`.
  func joined(_ other: TableRows) -> TableRows {
    TableRows(zip(columns, other.columns).map { $0.joined($1) })
  }
}
