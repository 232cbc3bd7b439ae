package import RecordTypes
package import TensorFiles

/// Columns that a model has and data lack, in one sentence for every command.
package struct AbsentColumns {
  /// The columns, in the model's order.
  package let names: [String]
  private let place: String
  private let present: [String]
  /// Columns of the data that the model doesn't have.
  private let others: [String]
  private let noun: String

  /// Nil where `wanted` are all among the `present` ones.
  package init?(
    _ wanted: [String], in present: [String], of place: String, noun: String = "column"
  ) {
    let there = Set(present.map(ByteText.init))
    names = wanted.filter { !there.contains(ByteText($0)) }
    if names.isEmpty { return nil }
    let known = Set(wanted.map(ByteText.init))
    others = present.filter { !known.contains(ByteText($0)) }
    self.present = present
    self.place = place
    self.noun = noun
  }

  /// Nil where data have all of a model's fields.
  package init?(_ wanted: [Field], in data: DataSet) {
    let empty = data.isTable ? data.leftOut : []
    self.init(
      wanted.map(\.name), in: data.schema.fields.map(\.name) + empty, of: data.source,
      noun: data.isTable ? "column" : "field")
  }

  /// The column of the data that an absent one may be under another name, if one is like it.
  package func likeness(of name: String) -> String? {
    UnknownName(kind: noun, name: name, known: others).nearest.first
  }

  /// What is absent, and what there is.
  private var parts: (absent: String, present: String) {
    let list = NameList.text(names.map { "'\($0)'" }, atMost: 12)
    return (
      "\(noun)\(names.count == 1 ? "" : "s") \(list)",
      present.isEmpty ? "none" : NameList.text(present.map { "'\($0)'" }, atMost: 12)
    )
  }

  /// `'Qty' for 'qty'` and so on; nil where none is like an absent one.
  private var hint: String? {
    let pairs = names.compactMap { name in likeness(of: name).map { "'\($0)' to '\(name)'" } }
    return pairs.isEmpty ? nil : NameList.text(pairs, atMost: 12)
  }

  /// The failure of a job that needs them.
  ///
  /// - Parameter mayBeEmpty: Whether cells without values would do.
  package func failure(mayBeEmpty: Bool) -> DataFileFailure {
    let add =
      "add \(names.count == 1 ? "it" : "them")"
      + (mayBeEmpty ? ", with empty cells where nothing is known" : "")
    return DataFileFailure(
      path: place, expected: "the \(parts.absent), which the model has", actual: parts.present,
      advice: hint.map { "rename \($0) if that is meant, or \(add)" } ?? add)
  }

  /// The warning of a job that does without them.
  package var warning: String {
    "\(place): the \(parts.absent), which the model has, "
      + "\(names.count == 1 ? "takes" : "take") no part, as there are "
      + "only \(parts.present)" + (hint.map { "; perhaps rename \($0)" } ?? "") + "."
  }
}
