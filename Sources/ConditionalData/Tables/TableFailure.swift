import TensorFiles

/// What can't be done with a table.
enum TableFailure {
  /// A column of texts in a table that is larger than its share of memory.
  static func textsBeyondMemory(_ name: String, path: String) -> DataFileFailure {
    DataFileFailure(
      path: path,
      expected: "numbers and categories in a table that takes more than its share of memory",
      actual: "texts in column '\(name)'",
      advice: "leave it out by 'ignore: [\(name)]' in schema.yaml, or give more memory by --memory")
  }
}
