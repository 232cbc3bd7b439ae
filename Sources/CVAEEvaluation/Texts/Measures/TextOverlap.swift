/// How much a text has in common with a reference: harmonic means of precision and recall, 0 to 1.
///
/// Units are the numbers that ``TextUnit/numbers(of:)`` gives.
enum TextOverlap {
  /// F1 over the multisets of units; 1 for two texts without any.
  static func f1(_ text: [UInt64], _ reference: [UInt64]) -> Double {
    text.isEmpty && reference.isEmpty ? 1 : rouge(1, text, reference)
  }

  /// ROUGE-N: F1 over the multisets of runs of `length` units; 0 where either has none.
  ///
  /// - Source: Lin, *ROUGE: A Package for Automatic Evaluation of Summaries*, 2004.
  static func rouge(_ length: Int, _ text: [UInt64], _ reference: [UInt64]) -> Double {
    let (own, other) = (
      TextHash.runs(of: length, in: text), TextHash.runs(of: length, in: reference)
    )
    var counts: [UInt64: Int] = [:]
    for run in other { counts[run, default: 0] += 1 }
    var shared = 0
    for run in own {
      guard let left = counts[run], left > 0 else { continue }
      counts[run] = left - 1
      shared += 1
    }
    return f1(shared: shared, own.count, other.count)
  }

  /// ROUGE-L: F1 by the longest common subsequence of units.
  static func rougeL(_ text: [UInt64], _ reference: [UInt64]) -> Double {
    f1(shared: longestCommonSubsequence(text, reference), text.count, reference.count)
  }

  static func longestCommonSubsequence(_ first: [UInt64], _ second: [UInt64]) -> Int {
    var lengths = [Int](repeating: 0, count: second.count + 1)
    for unit in first {
      var diagonal = 0
      for (place, other) in second.enumerated() {
        let above = lengths[place + 1]
        lengths[place + 1] = unit == other ? diagonal + 1 : max(above, lengths[place])
        diagonal = above
      }
    }
    return lengths[second.count]
  }

  private static func f1(shared: Int, _ own: Int, _ other: Int) -> Double {
    own + other > 0 ? 2 * Double(shared) / Double(own + other) : 0
  }
}
