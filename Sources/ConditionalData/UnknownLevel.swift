public import RecordTypes
package import TensorFiles

/// A record has a level that a model doesn't know.
public struct UnknownLevel: Error, Sendable, CustomStringConvertible {
  /// The category, with the levels that are known.
  public let field: Field
  /// The level.
  public let level: String
  /// The number of the first record that has it, from 0.
  public let record: Int

  /// One sentence a user can act on.
  public var description: String { name.description }

  private var name: UnknownName {
    UnknownName(kind: "level of '\(field.name)'", name: level, known: field.levels)
  }

  /// The same with the name of the data, and the line where they are a table.
  package func failure(in data: DataSet) -> DataFileFailure {
    let known = name.nearest.isEmpty ? field.levels : name.nearest
    return DataFileFailure(
      path: data.source + (line(in: data).map { ", line \($0)" } ?? ", record \(record)"),
      expected: "a level of '\(field.name)' that the model knows, such as "
        + NameList.text(known.map(NameList.level), atMost: 12),
      actual: "'\(level)'", advice: "correct it, or leave the cell empty")
  }

  /// The line of the record; nil where the data are no table, or one that can't be read again.
  private func line(in data: DataSet) -> Int? {
    guard data.isTable, data.source != ByteStream.standardInputName,
      var reader = try? TableReader(data.source)
    else { return nil }
    var line: Int?
    _ = try? reader.readRows(atMost: record) { _, _, _ in }
    _ = try? reader.readRows(atMost: 1) { _, _, place in line = place.line }
    return line
  }
}
