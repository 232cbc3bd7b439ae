/// Grey values or colours in [0, 1].
///
/// As JSON, `{"channels":1,"height":28,"kind":"image","width":28}`.
public struct ImageKind: FieldContent {
  public static let name = "image"
  /// The extent of every image.
  public let size: ImageSize

  /// Images of one size.
  public init(size: ImageSize) { self.size = size }

  public var summary: String { "an image of \(size.height) × \(size.width) × \(size.channels)" }
  public var storage: ColumnStorage { .bytes }
  public var shape: [Int] {
    size.channels == 1 ? [size.height, size.width] : [size.height, size.width, size.channels]
  }
  public var cells: CellGrid { CellGrid(height: size.height, width: size.width) }
  public var isMaskedByCell: Bool { true }

  public func check(field: String) throws(InvalidRecords) {
    try check(extents: [size.height, size.width, size.channels], field: field)
  }

  /// Reads the extents.
  public init(from decoder: any Decoder) throws { size = try ImageSize(from: decoder) }

  /// Writes the extents.
  public func encode(to encoder: any Encoder) throws { try size.encode(to: encoder) }
}

extension Field {
  /// The extent of an image; nil for other kinds.
  public var imageSize: ImageSize? { (kind.content as? ImageKind)?.size }

  /// Whether its values are grey values or colours.
  public var isImage: Bool { imageSize != nil }
}
