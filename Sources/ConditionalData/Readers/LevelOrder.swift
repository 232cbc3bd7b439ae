package import RecordTypes

/// The order of a category's levels.
package enum LevelOrder {
  /// Each name once, sorted as numbers if all are different whole numbers, else as texts.
  package static func sorted(_ names: [String]) -> [String] {
    let names = Set(names.map(ByteText.init)).sorted().map(\.text)
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count, Set(numbers).count == numbers.count else { return names }
    return names.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
  }

  /// Each record's level, none for one that isn't among the levels.
  package static func column(_ values: [String], _ levels: [String]) -> RecordColumn {
    let places = levels.places
    return .levels(values.map { places[ByteText($0)].map { Int32($0) } })
  }
}
