/// Cells without quotes whose text is a model's level, and elsewhere stands for a missing value, such as `NA`.
///
/// They are levels, unless such words also stand in quotes in the same column: then the quotes tell the two apart.
struct BareWords {
  private var cells: [(row: Int, word: Int)] = []
  private var areTellingApart = false

  /// Adds a row's cell, in quotes or not.
  mutating func add(_ word: Int, row: Int, isQuoted: Bool) {
    if isQuoted { areTellingApart = true } else { cells.append((row, word)) }
  }

  /// The cells that are missing.
  var missing: [(row: Int, word: Int)] { areTellingApart ? cells : [] }
}
