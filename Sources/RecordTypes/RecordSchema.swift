/// What every record of a data set is made of.
public struct RecordSchema: Codable, Hashable, Sendable {
  /// Each with a name of its own.
  public let fields: [Field]

  /// A schema of fields in their order.
  ///
  /// - Throws: ``InvalidRecords`` for a name that two fields have, and a field that can have no value.
  public init(fields: [Field]) throws(InvalidRecords) {
    for (index, field) in fields.enumerated() {
      guard !fields[..<index].contains(where: { $0.name == field.name }) else {
        throw InvalidRecords(
          expected: "each field's name once", actual: "'\(field.name)' twice",
          advice: "rename one of them")
      }
      try field.check()
    }
    self.init(trusting: fields)
  }

  /// Fields that are known to be valid.
  package init(trusting fields: [Field]) { self.fields = fields }

  private enum CodingKeys: String, CodingKey { case fields }

  /// Reads `{"fields":[…]}`, at least one.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    do {
      try self.init(fields: container.decode([Field].self, forKey: .fields))
      guard !fields.isEmpty else {
        throw InvalidRecords(expected: "a field", actual: "none", advice: "name one")
      }
    } catch let error as InvalidRecords {
      throw DecodingError.dataCorruptedError(
        forKey: .fields, in: container, debugDescription: "\(error)")
    }
  }

  /// The field of that name.
  ///
  /// - Throws: ``UnknownName``.
  public func field(_ name: String) throws -> Field {
    fields[try index(of: name)]
  }

  /// The position of the field of that name, which is that of its column too.
  ///
  /// - Throws: ``UnknownName``.
  public func index(of name: String) throws -> Int {
    guard let index = fields.firstIndex(where: { $0.name == name }) else {
      throw UnknownName(kind: "field", name: name, known: fields.map(\.name))
    }
    return index
  }
}

extension Field {
  /// The extents that images and vectors can have.
  static let extents = 1...1_000_000

  fileprivate func check() throws(InvalidRecords) {
    switch kind {
    case .category(let levels):
      guard !levels.isEmpty else {
        throw InvalidRecords(
          expected: "at least one level of field '\(name)'", actual: "none",
          advice: "name its levels")
      }
      var known: Set<String> = []
      for level in levels where !known.insert(level).inserted {
        throw InvalidRecords(
          expected: "each level of field '\(name)' once", actual: "'\(level)' twice",
          advice: "name it once")
      }
    case .number: return
    case .vector(let count): try check([count])
    case .image(let size): try check([size.height, size.width, size.channels])
    }
  }

  private func check(_ extents: [Int]) throws(InvalidRecords) {
    for extent in extents where !Self.extents.contains(extent) {
      throw InvalidRecords(
        expected: "extents from \(Self.extents.lowerBound) to \(Self.extents.upperBound) in field "
          + "'\(name)'", actual: "\(extent)", advice: "correct its size")
    }
  }
}
