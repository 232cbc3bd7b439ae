import RecordTypes
import TensorFiles
import Yams

/// A `schema.yaml`, which says about data what can't be seen in them.
///
///     fields:
///       label: {levels: [T-shirt, trousers, pullover]}
///       heel: {kind: number, missing: ['-', unknown]}
///       image: {size: [64, 48], channels: 1}
///       gloss: {kind: text, longest: 64, tokens: pairs, merges: 2048}
///     ignore: [comment]
struct SchemaFile {
  let path: String
  /// What it says about fields, in the order of the file.
  private(set) var requests: [FieldRequest] = []
  /// Columns that should be left out.
  private(set) var ignored: [FieldRequest.Stated<String>] = []

  private static let keys = [
    "levels", "kind", "missing", "size", "channels", "longest", "tokens", "merges",
  ]

  init(_ path: String) throws {
    self.path = path
    let bytes = try GzipFile.readPossiblyCompressed(path)
    let text = String(decoding: bytes, as: UTF8.self)
    guard YAMLAliases.standForFew(text) else {
      throw SchemaFileFailure(path: path, line: nil, reason: YAMLAliases.refusal)
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw SchemaFileFailure(path: path, notYAML: error)
    }
    guard let node, node.null == nil else { return }
    for (key, value) in try mapping(node, "the keys of a schema, such as 'fields'") {
      switch key {
      case "fields":
        for (name, entry) in try mapping(value, "the names of fields, each with its keys") {
          requests.append(try request(name, entry))
        }
      case "ignore":
        ignored = try names(value, "expected the columns to ignore", "[comment, url]").map {
          FieldRequest.Stated(value: $0, line: value.mark?.line)
        }
      default: throw unknown("key of a schema", key, ["fields", "ignore"], value)
      }
    }
  }

  /// What the file says about a field; nil where it says nothing.
  func request(_ name: String) -> FieldRequest? { requests.first { $0.name == name } }

  /// Whether a column should be left out.
  func ignores(_ column: String) -> Bool { ignored.contains { $0.value == column } }

  private func request(_ name: String, _ entry: Node) throws -> FieldRequest {
    var request = FieldRequest(name: name, line: entry.mark?.line)
    guard entry.null == nil else { return request }
    for (key, node) in try mapping(entry, "the keys of field '\(name)', such as 'levels'") {
      let line = node.mark?.line
      switch key {
      case "levels":
        let levels = try names(node, "expected the levels of '\(name)'", "[boot, coat]")
        request.levels = .init(value: levels, line: line)
      case "missing":
        let words = try names(
          node, "expected the texts that stand for a missing value of '\(name)'", "['-', unknown]")
        request.missing = .init(value: words, line: line)
      case "kind":
        let kind = FieldRequest.Kind(rawValue: node.scalar?.string ?? "")
        request.kind = .init(
          value: try kind
            ?? refuse(
              node,
              "the kind of '\(name)' as \(FieldRequest.Kind.all.map { $0.name }.joined(separator: " or "))"
            ),
          line: line)
      case "size": request.size = .init(value: try size(node, name), line: line)
      case "channels":
        let channels = node.int.flatMap { [1, 3].contains($0) ? $0 : nil }
        request.channels = .init(
          value: try channels ?? refuse(node, "the channels of '\(name)' as 1 or 3"), line: line)
      case "longest":
        let most = node.int.flatMap { TextKind.lengths.contains($0) ? $0 : nil }
        request.longest = .init(
          value: try most ?? refuse(node, "the most tokens of '\(name)', from 1 to 4096"),
          line: line)
      case "tokens":
        let unit = TokenUnit(rawValue: node.scalar?.string ?? "")
        request.tokens = .init(
          value: try unit ?? refuse(node, "the tokens of '\(name)' as pairs or bytes"), line: line)
      case "merges":
        let most = node.int.flatMap { TextKind.mergeCounts.contains($0) ? $0 : nil }
        request.merges = .init(
          value: try most ?? refuse(node, "the most merges of '\(name)', from 0 to 8192"),
          line: line)
      default: throw unknown("key of field '\(name)'", key, Self.keys, node)
      }
    }
    let words = Set((request.missing?.value ?? []).map(ByteText.init))
    if let both = request.levels?.value.first(where: { words.contains(ByteText($0)) }) {
      throw SchemaFileFailure(
        path: path, line: request.missing?.line,
        reason: "expected '\(both)' as a level of '\(name)' or for a missing value, got both.")
    }
    if request.tokens?.value == .bytes, let merges = request.merges {
      throw SchemaFileFailure(
        path: path, line: merges.line,
        reason: "expected no merges of '\(name)', whose tokens are bytes, got "
          + "\(merges.value); say 'tokens: pairs' or leave 'merges' out.")
    }
    return request
  }

  private func size(_ node: Node, _ name: String) throws -> FieldRequest.Size {
    let extents = node.sequence.map { $0.map { $0.int ?? 0 } } ?? node.int.map { [$0, $0] } ?? []
    guard extents.count == 2, extents.allSatisfy({ (1...4096).contains($0) }) else {
      return try refuse(
        node, "the size of '\(name)' in pixels, such as 64 or [height, width], at most 4096")
    }
    return FieldRequest.Size(height: extents[0], width: extents[1])
  }

  private func refuse<Value>(_ node: Node, _ expected: String) throws -> Value {
    let actual = node.scalar.map { "'\($0.string)'" } ?? "another form"
    throw SchemaFileFailure(
      path: path, line: node.mark?.line, reason: "expected \(expected), got \(actual).")
  }

  private func mapping(_ node: Node, _ expected: String) throws -> [(key: String, value: Node)] {
    guard let mapping = node.mapping else {
      throw SchemaFileFailure(
        path: path, line: node.mark?.line, reason: "expected \(expected), got a list or a word.")
    }
    return mapping.map { ($0.key.scalar?.string ?? "", $0.value) }
  }

  private func names(_ node: Node, _ expected: String, _ example: String) throws -> [String] {
    let names = node.sequence?.compactMap { $0.scalar?.string } ?? []
    guard !names.isEmpty, names.count == node.sequence?.count,
      Set(names.map(ByteText.init)).count == names.count
    else {
      throw SchemaFileFailure(
        path: path, line: node.mark?.line,
        reason: "\(expected) as a list of different names, such as \(example).")
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
