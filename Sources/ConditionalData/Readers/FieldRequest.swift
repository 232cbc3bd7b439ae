import RecordTypes

/// What a `schema.yaml` says of one field.
struct FieldRequest {
  /// A kind that cells of a column can be of.
  struct Kind: Equatable {
    let type: any FieldCodec.Type

    /// Nil for a word that is no such kind.
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

    static func == (first: Kind, second: Kind) -> Bool { first.type == second.type }
  }

  /// The pixels of a picture.
  struct Size: Equatable {
    let height: Int
    let width: Int
  }

  /// A statement, and the line where it stands, counted from 1.
  struct Stated<Value> {
    let value: Value
    let line: Int?
  }

  let name: String
  let line: Int?
  var levels: Stated<[String]>?
  var kind: Stated<Kind>?
  var size: Stated<Size>?
  var channels: Stated<Int>?
}
