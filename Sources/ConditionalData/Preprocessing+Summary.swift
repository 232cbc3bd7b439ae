public import RecordTypes

extension Preprocessing {
  /// What a field is, in words; for a table's column also how its numbers are written and their range, as in
  /// `"a number, 2 decimals, 0.20 to 5.01"`, a category's levels, `most` at most, or a text's tokens, as in `"a text, up
  /// to 64 tokens out of 2305 (byte pairs)"`.
  public func summary(of field: Field, levels most: Int) -> String {
    if let form = forms[field.name], let scale = scales[field.name] {
      let (low, high) = (form.text(scale.minimum[0]), form.text(scale.maximum[0]))
      let kind =
        switch form {
        case .decimals(0) where field.isNumber: "an integer"
        case .decimals(let digits):
          "\(field.kind.summary), \(digits) decimal\(digits == 1 ? "" : "s")"
        case .spelled(let spelling):
          "\(field.kind.summary), "
            + (spelling.zeros == .kept ? "" : "up to ")
            + "\(spelling.decimals) decimal\(spelling.decimals == 1 ? "" : "s")"
        case .days: "a date"
        case .seconds: "a time"
        }
      return "\(kind), \(low) to \(high)"
    }
    if let text = field.textKind {
      let unit = text.tokens == .pairs ? "byte pairs" : "bytes"
      return "\(field.kind.summary), up to \(NameList.count(text.longest, "token")) out of "
        + "\(text.vocabulary) (\(unit))"
    }
    let levels = field.levels
    guard !levels.isEmpty else { return field.kind.summary }
    return "\(FieldKind.category(levels: levels).summary): \(NameList.levels(levels, atMost: most))"
  }
}
