import RecordTypes

/// What a reader must follow: a schema file's statements, and for fields that it doesn't mention, the
/// fields of a model.
package struct FieldRequests {
  let file: SchemaFile?
  let model: RecordSchema?

  /// The request for a field; nil where there is none.
  package func request(_ name: String) -> FieldRequest? {
    let stated = file?.request(name)
    guard let model, let position = model.position(of: name) else { return stated }
    let field = model.fields[position]
    var request = stated ?? FieldRequest(name: name, line: nil)
    request.kind = request.kind ?? FieldRequest.Kind(field.kind).map { .init(value: $0, line: nil) }
    if let size = field.imageSize {
      request.size =
        request.size ?? .init(value: .init(height: size.height, width: size.width), line: nil)
      request.channels = request.channels ?? .init(value: size.channels, line: nil)
    }
    if let text = field.textKind {
      request.longest = request.longest ?? .init(value: text.longest, line: nil)
      request.tokens = request.tokens ?? .init(value: text.tokens, line: nil)
      request.merges = request.merges ?? .init(value: text.merges, line: nil)
    }
    return request
  }

  /// The levels that the file, or else the model, states for a field; none where neither does.
  func levels(_ name: String) -> (names: [String], areOfModel: Bool) {
    if let names = file?.request(name)?.levels?.value { return (names, false) }
    guard let model, let position = model.position(of: name) else { return ([], true) }
    return (model.fields[position].levels, true)
  }

  /// The texts that stand for a missing value of a field, as the file, or else the model, says.
  func missing(_ name: String) -> [String] {
    if let words = file?.request(name)?.missing?.value { return words }
    return model?.position(of: name).map { model?.fields[$0].style.missing ?? [] } ?? []
  }

  /// Whether a column should be left out.
  package func ignores(_ column: String) -> Bool { file?.ignores(column) ?? false }
}
