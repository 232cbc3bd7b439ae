public import ConditionalData
import RecordTypes

extension Encoding {
  /// Records that a category must have for each of its levels, on average.
  private static let recordsOfLevel = 10

  /// The columns of the data that go with a direction in the latent space, the strongest first: for a number Pearson's
  /// correlation, for a category the correlation ratio. Categories of many levels for the number of records are left out.
  ///
  /// - Parameters:
  ///   - coordinates: One for each of the encoded records.
  ///   - data: What was encoded.
  ///   - least: Weaker ones are left out.
  public func columns(
    along coordinates: [Double], in data: DataSet, atLeast least: Double = 0.5
  ) -> [(name: String, association: Double)] {
    let axis = RecordColumn.numbers(coordinates)
    let chosen = records.map { Int($0) }
    return zip(data.schema.fields, data.columns).compactMap { field, column in
      guard field.isCategory || field.width == 1 && !field.isText && !field.isImage else {
        return nil
      }
      // Many levels with few records each go with anything.
      if field.isCategory, field.levels.count * Self.recordsOfLevel > records.count { return nil }
      let value = Association.between(axis, column.selecting(chosen))
      return abs(value) >= least ? (field.name, value) : nil
    }.sorted { abs($0.association) > abs($1.association) }
  }
}
