import RecordTypes

/// What a `schema.yaml` says of one field.
package struct FieldRequest {
  /// A kind that a column can have.
  package struct Kind: Equatable {
    package let type: any FieldCodec.Type

    /// The kind with that name; nil for any other word.
    init?(rawValue: String) {
      let types = Self.all
      guard let type = types.first(where: { $0.name == rawValue }) else { return nil }
      self.type = type
    }

    /// Nil for a field of another kind.
    init?(_ kind: FieldKind) { self.init(rawValue: Swift.type(of: kind.content).name) }

    /// All of them.
    static var all: [any FieldCodec.Type] {
      FieldKind.all.compactMap { $0 as? any FieldCodec.Type }.filter { $0.readsCells }
    }

    package static func == (first: Kind, second: Kind) -> Bool { first.type == second.type }
  }

  /// The pixels of a picture.
  package struct Size: Equatable {
    package let height: Int
    package let width: Int

    package init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// A statement, and the line where it stands, counted from 1.
  package struct Stated<Value> {
    package let value: Value
    let line: Int?
  }

  let name: String
  let line: Int?
  var levels: Stated<[String]>?
  /// Texts that stand for a missing value.
  var missing: Stated<[String]>?
  package var kind: Stated<Kind>?
  package var size: Stated<Size>?
  package var channels: Stated<Int>?
  var longest: Stated<Int>?
  var tokens: Stated<TokenUnit>?
  var merges: Stated<Int>?

  /// Whether a column should become a text.
  var isText: Bool { kind?.value.type == TextKind.self }
}
