/// Names of levels as numbers, in the spelling in which most of them are numbers: `10`, `10%`, `$1,000`.
package struct NumberNames {
  /// The marks in the numbers; nil for plain ones.
  package let marks: NumberSpelling?
  /// Each name's number; nil for a name that is none in this spelling.
  package let values: [Double?]

  /// More spellings than a column of one kind of numbers gives rise to.
  private static let mostSpellings = 16

  /// Reads names; of two spellings that as many names have, plain numbers and then the first one count.
  package init(_ names: [String]) {
    let texts = names.map { Array($0.utf8) }
    var best: (marks: NumberSpelling?, values: [Double?]) = (nil, texts.map { Self.value($0, nil) })
    var most = best.values.count { $0 != nil }
    var seen: Set<NumberSpelling> = []
    for (text, plain) in zip(texts, best.values)
    where plain == nil && seen.count < Self.mostSpellings {
      let candidates = text.withUnsafeBufferPointer { NumberSpelling.candidates($0) }
      for marks in candidates where seen.insert(marks).inserted {
        let values = texts.map { Self.value($0, marks) }
        let count = values.count { $0 != nil }
        if count > most { (best, most) = ((marks, values), count) }
      }
    }
    if let marks = best.marks?.withThousands {
      // Three digits behind nearly all commas are thousands; the others are errors.
      let values = texts.map { Self.value($0, marks) }
      let odd = zip(values, best.values).count { $0 == nil && $1 != nil }
      let marked = zip(values, best.values).count { $0 != nil && $0 != $1 }
      if NumberSpelling.areFew(odd, beside: marked) { best = (marks, values) }
    }
    (marks, values) = best
  }

  /// The number that a text stands for in the names' spelling, or in any other.
  package func value(_ text: String) -> Double? {
    Self.value(Array(text.utf8), marks) ?? Self.value(text)
  }

  /// The positions of the names whose numbers are nearest to one: the same, or the next below, and the next above.
  package func nearest(to number: Double) -> [Int] {
    let known = values.indices.compactMap { place in values[place].map { (place, $0) } }
    let below = known.filter { $0.1 <= number }.max { $0.1 < $1.1 }
    if let below, below.1 == number { return [below.0] }
    let above = known.filter { $0.1 > number }.min { $0.1 < $1.1 }
    return [below, above].compactMap { $0?.0 }
  }

  /// The number that a text stands for, in whatever spelling numbers of tables can have; nil for other texts.
  package static func value(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return value(bytes, nil)
      ?? bytes.withUnsafeBufferPointer { NumberSpelling.candidates($0) }.lazy
      .compactMap { value(bytes, $0) }.first
  }

  private static func value(_ text: [UInt8], _ marks: NumberSpelling?) -> Double? {
    text.withUnsafeBufferPointer { bytes in
      marks.map { $0.number(bytes) } ?? NumberText(bytes)
    }?.value
  }
}
