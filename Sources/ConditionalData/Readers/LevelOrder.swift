package import RecordTypes

/// The order of a category's levels.
package enum LevelOrder {
  /// Sorted as numbers if all are different whole numbers, else as texts.
  package static func sorted(_ names: Set<String>) -> [String] {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count, Set(numbers).count == numbers.count else {
      return names.sorted()
    }
    return names.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
  }

  /// Each record's level, none for one that isn't among the levels.
  package static func column(_ values: [String], _ levels: [String]) -> RecordColumn {
    let indices = Dictionary(uniqueKeysWithValues: zip(levels, Int32(0)...))
    return .levels(values.map { indices[$0] })
  }
}
