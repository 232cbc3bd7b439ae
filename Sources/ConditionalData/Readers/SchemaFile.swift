import Foundation
import RecordSchema
import TensorFiles
import Yams

/// A `schema.yaml`, which says of data what can't be seen in them.
///
///     fields:
///       label: {levels: [T-shirt, trousers, pullover]}
struct SchemaFile {
  private let path: String
  /// By the field's name: its levels, and where they stand.
  private var levels: [(field: String, names: [String], line: Int?)] = []
  /// Every field that the file mentions, and where.
  private var mentioned: [(field: String, line: Int?)] = []

  init(_ path: String) throws {
    self.path = path
    let bytes = try GzipFile.readPossiblyCompressed(path)
    let node: Node?
    do {
      node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw SchemaFileFailure(path: path, notYAML: error)
    }
    guard let node, node.null == nil else { return }
    for (key, value) in try mapping(node, "the keys of a schema, such as 'fields'") {
      guard key == "fields" else { throw unknown("key of a schema", key, ["fields"], value) }
      for (name, entry) in try mapping(value, "the names of fields, each with its keys") {
        try readField(name, entry)
      }
    }
  }

  private mutating func readField(_ name: String, _ entry: Node) throws {
    mentioned.append((name, entry.mark?.line))
    guard entry.null == nil else { return }
    for (key, value) in try mapping(entry, "the keys of field '\(name)', such as 'levels'") {
      guard key == "levels" else {
        throw unknown("key of field '\(name)'", key, ["levels"], value)
      }
      levels.append((name, try names(value, name), value.mark?.line))
    }
  }

  /// Changes the fields as the file says; a column's indices follow its levels.
  func apply(to table: inout DataTable) throws {
    for (name, line) in mentioned where !table.fields.contains(where: { $0.name == name }) {
      let unknown = UnknownName(kind: "field", name: name, known: table.fields.map(\.name))
      throw SchemaFileFailure(path: path, line: line, reason: "\(unknown)")
    }
    for (name, names, line) in levels {
      guard let index = table.fields.firstIndex(where: { $0.name == name }) else { continue }
      let field = table.fields[index]
      guard case .levels(let indices) = table.columns[index] else {
        throw SchemaFileFailure(
          path: path, line: line,
          reason: "expected levels of a category, got those of '\(name)', \(field.kind.summary).")
      }
      let order = try newIndices(field, indices, names, line)
      table.fields[index] = Field(name: name, kind: .category(levels: names))
      table.columns[index] = .levels(indices.map { $0 < 0 ? $0 : order[Int($0)] })
    }
  }

  /// The new index of each old level: the new level of that name, else the new level that the old
  /// one's name, as a number, counts to.
  private func newIndices(
    _ field: Field, _ indices: [Int32], _ names: [String], _ line: Int?
  ) throws -> [Int32] {
    let used = Set(indices).filter { $0 >= 0 }.sorted()
    let old = field.levels
    let byName = used.allSatisfy { names.contains(old[Int($0)]) }
    var order = [Int32](repeating: -1, count: old.count)
    for index in used {
      let level = old[Int(index)]
      let position = byName ? names.firstIndex(of: level) : Int(level)
      guard let position, names.indices.contains(position) else {
        throw SchemaFileFailure(
          path: path, line: line,
          reason: "expected a level for every value of '\(field.name)', got \(names.count) levels, "
            + "which leave out '\(level)'; name that many levels or more.")
      }
      order[Int(index)] = Int32(position)
    }
    return order
  }

  private func mapping(_ node: Node, _ expected: String) throws -> [(key: String, value: Node)] {
    guard let mapping = node.mapping else {
      throw SchemaFileFailure(
        path: path, line: node.mark?.line, reason: "expected \(expected), got a list or a word.")
    }
    return mapping.map { ($0.key.scalar?.string ?? "", $0.value) }
  }

  private func names(_ node: Node, _ field: String) throws -> [String] {
    let names = node.sequence?.compactMap { $0.scalar?.string } ?? []
    guard !names.isEmpty, names.count == node.sequence?.count, Set(names).count == names.count
    else {
      throw SchemaFileFailure(
        path: path, line: node.mark?.line,
        reason: "expected the levels of '\(field)' as a list of different names, "
          + "such as [boot, coat].")
    }
    return names
  }

  private func unknown(
    _ kind: String, _ name: String, _ known: [String], _ node: Node
  ) -> SchemaFileFailure {
    SchemaFileFailure(
      path: path, line: node.mark?.line,
      reason: "\(UnknownName(kind: kind, name: name, known: known))")
  }
}
