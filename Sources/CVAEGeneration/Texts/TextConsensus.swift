public import CVAETraining
import ConditionalData
import RecordTypes

extension GeneratedRecords {
  /// Of several answers for each record, the one whose texts agree most with those of the other answers: what the model
  /// would write on the whole, rather than its most probable single text.
  ///
  /// Two texts agree by the F1 of their tokens and of their pairs of neighbouring tokens.
  ///
  /// - Parameter answers: At least one, of the same records, with a style of its own each.
  /// - Returns: Of equal answers the first; the first of all where the model writes no text.
  /// - Source: Kumar and Byrne, *Minimum Bayes-Risk Decoding for Statistical Machine Translation*, 2004; Eikema and Aziz,
  ///   *Is MAP Decoding All You Need?*, 2020, for samples as candidates.
  public static func consensus(of answers: [GeneratedRecords], _ model: TrainedModel)
    -> GeneratedRecords
  {
    guard let first = answers.first, answers.count > 1 else { return answers[0] }
    let count = first.count
    var scores = [Double](repeating: 0, count: count * answers.count)
    for field in first.records.schema.fields {
      guard let vocabulary = model.preprocessing.vocabularies[field.name] else { continue }
      for record in 0..<count {
        let texts = answers.map { answer in
          TokenCounts(
            vocabulary.encode((answer.records[field.name]?.text(record) ?? "").utf8))
        }
        for (one, text) in texts.enumerated() {
          for (other, another) in texts.enumerated() where other != one {
            scores[one * count + record] += text.agreement(with: another)
          }
        }
      }
    }
    let chosen = (0..<count).map { record in
      let best = answers.indices.reduce(0) { best, answer in
        scores[answer * count + record] > scores[best * count + record] ? answer : best
      }
      return best * count + record
    }
    return GeneratedRecords(
      conditions: Conditions(joining: answers.map(\.conditions)).selecting(chosen),
      given: first.given, records: .joining(answers.map(\.records)).selecting(chosen),
      forms: first.forms, drawnConditions: first.drawnConditions)
  }
}

/// How often each token and each pair of neighbours occurs in a text.
struct TokenCounts {
  private var tokens: [Int32: Int] = [:]
  private var pairs: [Int64: Int] = [:]
  private let count: Int

  init(_ all: [Int32]) {
    count = all.count
    for token in all { tokens[token, default: 0] += 1 }
    for (one, next) in zip(all, all.dropFirst()) {
      pairs[Int64(one) << 32 | Int64(next), default: 0] += 1
    }
  }

  /// The sum of both F1, 1 each for equal texts.
  func agreement(with other: TokenCounts) -> Double {
    Self.f1(Self.shared(tokens, other.tokens), count + other.count)
      + Self.f1(Self.shared(pairs, other.pairs), max(0, count - 1) + max(0, other.count - 1))
  }

  private static func f1(_ shared: Int, _ all: Int) -> Double {
    all == 0 ? 1 : 2 * Double(shared) / Double(all)
  }

  private static func shared<Key>(_ one: [Key: Int], _ other: [Key: Int]) -> Int {
    one.reduce(0) { $0 + min($1.value, other[$1.key] ?? 0) }
  }
}
