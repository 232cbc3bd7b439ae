import CVAEModels
public import RecordTypes

extension RunConfiguration {
  /// The fields that are given or generated: all but those of ``ignore``, and but fields that records are only
  /// split or grouped by.
  ///
  /// A model knows no other fields, and its file doesn't name their levels.
  ///
  /// - Throws: ``UnknownName`` for a field that doesn't exist, ``ConfigurationFailure`` for one that is
  ///   ignored and given, and where nothing is left.
  public func usedSchema(of schema: RecordSchema) throws -> RecordSchema {
    for name in ignore {
      _ = try schema.field(name)
      if given.contains(name) {
        throw ConfigurationFailure(
          source: nil,
          mistakes: ["expected field '\(name)' to be given or ignored, got both; name it once."])
      }
    }
    let unused = Set(ignore + [training.splitBy, model.group].compactMap { $0 }).subtracting(given)
    for name in unused.sorted() { _ = try schema.field(name) }
    let used = schema.fields.filter { !unused.contains($0.name) }
    guard !used.isEmpty else {
      throw ConfigurationFailure(
        source: nil, mistakes: ["expected a field to generate, got all of them ignored."])
    }
    return try RecordSchema(fields: used)
  }
}
