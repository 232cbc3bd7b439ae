import RecordTypes

/// Rows of the same columns that are held against each other.
struct FidelityRows {
  /// What the synthetic ones were learned from.
  let train: Records
  /// Real rows from which nothing was learned.
  let heldOut: Records
  let synthetic: Records
  let settings: FidelitySettings
}
