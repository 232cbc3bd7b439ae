/// The aliases in a YAML text: `*name`, which stands for what `&name` marked.
///
/// What an alias stands for may hold aliases of its own, so that a few hundred bytes stand for more values than any
/// reader comes to the end of.
package enum YAMLAliases {
  /// The most bytes that a text's aliases may stand for altogether.
  package static let most = 10_000_000

  /// Whether the aliases stand for at most ``most`` bytes.
  ///
  /// An alias is taken to stand for all that lies between the mark and the alias's first use, its own aliases written
  /// out: never less than it does.
  package static func standForFew(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var expanded = 0
    var starts: [ArraySlice<UInt8>: Int] = [:]
    var counts: [ArraySlice<UInt8>: Int] = [:]
    for (place, byte) in bytes.enumerated()
    where byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") {
      let name = bytes[(place + 1)...].prefix(while: isOfName)
      if byte == UInt8(ascii: "&") {
        starts[name] = starts[name] ?? place + expanded
        counts[name] = nil
      } else if let start = starts[name] {
        let count = counts[name] ?? place + expanded - start
        counts[name] = count
        expanded += count
        if expanded > most { return false }
      }
    }
    return true
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// What is wrong with a text whose aliases stand for more, as a sentence.
  package static let refusal =
    "expected aliases that stand for at most \(most) bytes altogether, got more; "
    + "write lists out instead of naming them with '&' and '*'."
}
