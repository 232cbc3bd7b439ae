import RecordTypes

/// What a `schema.yaml` says of one field.
struct FieldRequest {
  /// What values of a column of texts are.
  enum Kind: String {
    case number, category
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

extension FieldRequest.Kind {
  /// Nil for a field of another kind.
  init?(_ kind: FieldKind) {
    switch kind {
    case .number: self = .number
    case .category: self = .category
    case .vector, .image: return nil
    }
  }
}
