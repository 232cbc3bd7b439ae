import RecordTypes

/// Rows with the same columns that are compared with each other.
struct FidelityRows {
  /// The rows that the synthetic ones were learned from; none where these aren't known.
  let train: Records
  /// Real rows from which nothing was learned.
  let heldOut: Records
  let synthetic: Records
  let settings: FidelitySettings
}
