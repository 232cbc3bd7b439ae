/// One of several named levels, which records hold as an index.
///
/// As JSON, `{"kind":"category","levels":["boot","coat"]}`.
public struct CategoryKind: FieldContent {
  public static let name = "category"
  /// The levels' names, each once.
  public let levels: [String]

  /// A category of these levels.
  public init(levels: [String]) { self.levels = levels }

  public var summary: String {
    "a category of \(levels.count) level\(levels.count == 1 ? "" : "s")"
  }
  public var storage: ColumnStorage { .levels(count: levels.count) }

  /// Whether both have the same levels, to the byte.
  public static func == (first: CategoryKind, second: CategoryKind) -> Bool {
    first.levels.elementsEqual(second.levels) { ByteText($0) == ByteText($1) }
  }

  /// Mixes the levels' bytes in.
  public func hash(into hasher: inout Hasher) {
    for level in levels { hasher.combine(ByteText(level)) }
  }

  public func check(field: String) throws(InvalidRecords) {
    guard !levels.isEmpty else {
      throw InvalidRecords(
        expected: "at least one level of field '\(field)'", actual: "none",
        advice: "name its levels")
    }
    var known: Set<ByteText> = []
    for level in levels where !known.insert(ByteText(level)).inserted {
      throw InvalidRecords(
        expected: "each level of field '\(field)' once", actual: "'\(level)' twice",
        advice: "name it once")
    }
  }
}
