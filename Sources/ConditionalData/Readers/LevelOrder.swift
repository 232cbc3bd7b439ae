package import RecordTypes

/// The order of a category's levels.
package enum LevelOrder {
  /// Each name once, in order: numbers by their values, then the other names as texts.
  package static func sorted(_ names: [String]) -> [String] {
    let names = Set(names.map(ByteText.init)).map(\.text)
    return places(names).map { names[$0] }
  }

  /// The positions of names, each of which occurs once, in the order of ``sorted(_:)``.
  static func places(_ names: [String]) -> [Int] {
    let numbers = NumberNames(names).values
    return names.indices.sorted { one, other in
      switch (numbers[one], numbers[other]) {
      case (let first?, let second?) where first != second: first < second
      case (_?, nil): true
      case (nil, _?): false
      default: ByteText(names[one]) < ByteText(names[other])
      }
    }
  }

  /// Each record's level, none for one that isn't among the levels.
  package static func column(_ values: [String], _ levels: [String]) -> RecordColumn {
    let places = levels.places
    return .levels(values.map { places[ByteText($0)].map { Int32($0) } })
  }
}
