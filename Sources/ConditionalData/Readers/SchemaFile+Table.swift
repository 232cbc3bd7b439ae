import RecordTypes

extension SchemaFile {
  /// Changes the fields as the file says; a column's indices follow its levels.
  ///
  /// What a reader has already followed, such as a picture's size, is only checked.
  func apply(to table: inout DataTable) throws {
    let known = table.fields.map(\.name)
    let positions = Dictionary(
      zip(known, known.indices), uniquingKeysWith: { first, _ in first })
    for request in requests where positions[request.name] == nil {
      guard !table.leftOut.contains(request.name) else { continue }
      throw unknownField(request.name, known, request.line)
    }
    for request in requests {
      guard let index = positions[request.name] else { continue }
      try check(table.fields[index], request)
      if let levels = request.levels {
        try name(levels.value, index, &table, levels.line)
      }
    }
    for column in ignored where !table.leftOut.contains(column.value) {
      guard let index = table.fields.firstIndex(where: { $0.name == column.value }) else {
        throw unknownField(column.value, known + table.leftOut, column.line)
      }
      guard table.fields.count > 1 else {
        throw SchemaFileFailure(
          path: path, line: column.line, reason: "expected a field that isn't ignored, got none.")
      }
      table.fields.remove(at: index)
      table.columns.remove(at: index)
    }
  }

  private func unknownField(_ name: String, _ known: [String], _ line: Int?) -> SchemaFileFailure {
    let unknown = UnknownName(kind: "field", name: name, known: known)
    return SchemaFileFailure(path: path, line: line, reason: "\(unknown)")
  }

  /// A kind, size or number of channels that is stated must be the one that was read.
  private func check(_ field: Field, _ request: FieldRequest) throws {
    func refuse(_ expected: String, _ line: Int?) -> SchemaFileFailure {
      SchemaFileFailure(
        path: path, line: line,
        reason: "expected '\(field.name)' to be \(expected), got \(field.kind.summary), which can "
          + "only be changed in folders of pictures.")
    }
    if let kind = request.kind, kind.value != FieldRequest.Kind(field.kind) {
      throw refuse("a \(kind.value.type.name)", kind.line)
    }
    let texts = [request.longest?.line, request.tokens?.line, request.merges?.line]
    if !field.isText, let line = texts.compactMap(\.self).first {
      throw SchemaFileFailure(
        path: path, line: line,
        reason: "expected '\(field.name)' to be a text, got \(field.kind.summary); say "
          + "'kind: text' too.")
    }
    guard let size = field.imageSize else {
      if let line = (request.size?.line).map({ $0 }) ?? request.channels?.line {
        throw refuse("a picture", line)
      }
      return
    }
    if let wanted = request.size, wanted.value != .init(height: size.height, width: size.width) {
      throw refuse("\(wanted.value.height) × \(wanted.value.width) pixels", wanted.line)
    }
    if let channels = request.channels, channels.value != size.channels {
      throw refuse("a picture of channels: \(channels.value)", channels.line)
    }
  }

  private func name(
    _ names: [String], _ index: Int, _ table: inout DataTable, _ line: Int?
  ) throws {
    let field = table.fields[index]
    guard field.isCategory else {
      throw SchemaFileFailure(
        path: path, line: line,
        reason: "expected levels of a category, got those of '\(field.name)', "
          + "\(field.kind.summary).")
    }
    let column = table.columns[index]
    let levels = (0..<column.count).map { column.level($0) }
    let order = try newIndices(field, Set(levels.compactMap(\.self)).sorted(), names, line)
    table.fields[index] = field.having(.category(levels: names))
    table.columns[index] = .levels(levels.map { $0.map { order[Int($0)] } })
  }

  /// The new index of each old level that is used: that of the new level with the same name; or else, if no new
  /// level's name is a number and all old ones are numbers, the number that is the old level's name.
  private func newIndices(
    _ field: Field, _ used: [Int32], _ names: [String], _ line: Int?
  ) throws -> [Int32] {
    let old = field.levels
    let places = names.places
    // Numbers may be levels of those positions; other texts can only be names.
    let byName =
      !Field.haveIndices(names)
      || used.contains { places[ByteText(old[Int($0)])] != nil || Int(old[Int($0)]) == nil }
    var order = [Int32](repeating: -1, count: old.count)
    var lacking: [String] = []
    for index in used {
      let level = old[Int(index)]
      let position = byName ? places[ByteText(level)] : Int(level)
      guard let position, names.indices.contains(position) else {
        lacking.append(level)
        continue
      }
      order[Int(index)] = Int32(position)
    }
    guard lacking.isEmpty else {
      throw SchemaFileFailure(
        path: path, line: line,
        reason: "expected a level for every value of '\(field.name)', got \(names.count) levels, "
          + "which leave out \(NameList.text(lacking.map { "'\($0)'" })); "
          + "\(byName ? "name \(lacking.count == 1 ? "it" : "them") too" : "name that many levels or more")."
      )
    }
    return order
  }
}
