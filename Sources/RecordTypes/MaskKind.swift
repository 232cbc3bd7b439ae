/// A way to split the cells of a field into given ones and those to fill.
///
/// The first six draw another mask for each record; the others are the same for all, and are named
/// for the part that is **given**. A grid is halved at `height / 2` and `width / 2`, rounded down.
public enum MaskKind: String, Codable, CaseIterable, Hashable, Sendable {
  /// One to three rectangles of any size and place: together a hole, or else all that is given.
  case blocks
  /// Each quadrant is given or not, by the toss of a coin.
  case quadrants
  /// The upper, lower, left or right half is given.
  case halves
  /// Each cell is given with a rate that is drawn for the record.
  case scattered
  /// For rows: one to three fields are given, as in most requests.
  case few
  /// For rows: each field is given with a rate that is drawn for the record, and each other one takes no
  /// part with a second such rate, so that fields are also generated when others are unknown.
  case sparse
  /// Nothing is given: plain generation.
  case none

  case topLeft = "top-left"
  case topRight = "top-right"
  case bottomLeft = "bottom-left"
  case bottomRight = "bottom-right"
  case allButTopLeft = "all-but-top-left"
  case allButTopRight = "all-but-top-right"
  case allButBottomLeft = "all-but-bottom-left"
  case allButBottomRight = "all-but-bottom-right"
  case top, bottom, left, right

  /// The kinds that training draws from by default.
  public static let usual: [MaskKind] = [.blocks, .quadrants, .halves, .scattered, .none]

  /// The same for rows, whose cells are their fields.
  public static let usualOfRows: [MaskKind] = [.few, .scattered, .sparse, .none]

  /// The kinds that make sense for rows.
  public static let ofRows: [MaskKind] = [.few, .scattered, .sparse, .none]

  /// Whether a whole quadrant is given: 0 is top left, 1 top right, 2 bottom left, 3 bottom right. Nil for a
  /// random kind.
  public func gives(quadrant: Int) -> Bool? {
    givenQuadrants.map { $0 >> quadrant & 1 == 1 }
  }

  /// One bit for each quadrant, the first lowest.
  private var givenQuadrants: UInt8? {
    switch self {
    case .blocks, .quadrants, .halves, .scattered, .few, .sparse: nil
    case .none: 0b0000
    case .topLeft: 0b0001
    case .topRight: 0b0010
    case .bottomLeft: 0b0100
    case .bottomRight: 0b1000
    case .allButTopLeft: 0b1110
    case .allButTopRight: 0b1101
    case .allButBottomLeft: 0b1011
    case .allButBottomRight: 0b0111
    case .top: 0b0011
    case .bottom: 0b1100
    case .left: 0b0101
    case .right: 0b1010
    }
  }

  /// The kinds of a list such as `bottom-left` or `blocks,halves`.
  ///
  /// - Throws: ``UnknownName`` for a word that names no kind.
  public static func list(_ text: String) throws -> [MaskKind] {
    try text.split(separator: ",").map { word in
      guard let kind = MaskKind(rawValue: String(word)) else {
        throw UnknownName(
          kind: "mask", name: String(word), known: MaskKind.allCases.map(\.rawValue))
      }
      return kind
    }
  }
}
