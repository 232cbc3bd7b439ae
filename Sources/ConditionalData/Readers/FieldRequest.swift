import RecordTypes

/// What a `schema.yaml` says of one field.
package struct FieldRequest {
  /// What values of a column of texts are.
  package enum Kind: String {
    case number, category
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
  package var kind: Stated<Kind>?
  package var size: Stated<Size>?
  package var channels: Stated<Int>?
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
