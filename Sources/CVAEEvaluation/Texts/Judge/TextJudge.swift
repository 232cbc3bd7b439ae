import Foundation
import TensorGraph

/// A classifier of texts that has never seen the model whose texts it judges: multinomial logistic regression on hashed
/// n-grams, weighted by how few training texts have them.
///
/// The n-grams of words and those of characters have half of a text's square norm each. Equal texts, labels and seeds
/// give equal weights.
///
/// - Source: Weinberger et al., *Feature Hashing for Large Scale Multitask Learning*, 2009; Duchi, Hazan and Singer,
///   *Adaptive Subgradient Methods*, 2011, with one step size for a bucket.
struct TextJudge: Equatable {
  /// How many levels there are.
  let levels: Int
  /// How many texts it has learned from.
  let trainingTexts: Int
  private let bits: Int
  /// Of each bucket; 0 for those that one text alone has.
  private let rarities: [Float]
  /// `[buckets, levels]`
  private var weights: [Float]
  private var bias: [Float]

  /// With more levels it would be slow.
  static let mostLevels = 200
  private static let passes = 3
  /// Few texts are read more often, until they make so many steps.
  private static let (fewestSteps, mostPasses) = (6000, 20)
  private static let learningRate: Float = 0.5
  private static let (mostBits, mostWeights) = (19, 1 << 24)
  /// Bytes of training texts times levels, at most: about half a minute.
  private static let mostWork = 400_000_000

  /// Learns from texts with known levels; where they are very many, from a part that `seed` decides.
  init(texts: [String], levels wanted: [Int32], of levels: Int, seed: UInt64) {
    precondition(texts.count == wanted.count && levels > 0, "A level for each text.")
    self.levels = levels
    bits = (1...Self.mostBits).last { levels << $0 <= Self.mostWeights } ?? 1
    func order(_ pass: Int) -> [Int32] {
      RandomPosition(seed: seed, step: UInt32(pass))
        .permutation(RandomPurpose("text judge"), count: texts.count)
    }
    var work = 0
    let chosen = order(0).prefix { record in
      work += texts[Int(record)].utf8.count * levels
      return work <= Self.mostWork
    }
    let isChosen = Set(chosen)
    trainingTexts = chosen.count
    var grams = TextGrams(bits: bits)
    var counts = [Int32](repeating: 0, count: 1 << bits)
    for record in chosen {
      grams.read(texts[Int(record)])
      for bucket in grams.buckets { counts[Int(bucket)] += 1 }
    }
    let all = Float(chosen.count)
    rarities = counts.map { $0 < 2 ? 0 : 1 + log((1 + all) / (1 + Float($0))) }
    weights = [Float](repeating: 0, count: levels << bits)
    bias = [Float](repeating: 0, count: levels)
    guard !chosen.isEmpty else { return }
    var squares = [Float](repeating: 0, count: 1 << bits)
    var row = Row(levels: levels)
    let passes = max(Self.passes, min(Self.mostPasses, Self.fewestSteps / chosen.count))
    var steps = 0
    for pass in 0..<passes {
      for record in order(pass) where isChosen.contains(record) {
        let share = 1 - Float(steps) / Float(passes * chosen.count)
        grams.read(texts[Int(record)])
        score(grams, &row)
        learn(
          Int(wanted[Int(record)]), grams, &row, rate: Self.learningRate * share, &squares)
        steps += 1
      }
    }
  }

  /// The likeliest level of each text.
  func likeliest(_ texts: [String]) -> [Int32] {
    var grams = TextGrams(bits: bits)
    var row = Row(levels: levels)
    return texts.map { text in
      grams.read(text)
      score(grams, &row)
      return Int32(row.scores.indices.max { row.scores[$0] < row.scores[$1] } ?? 0)
    }
  }

  /// One text's numbers.
  private struct Row {
    /// Of its buckets.
    var values: [Float] = []
    /// Of the levels.
    var scores: [Float]

    init(levels: Int) { scores = [Float](repeating: 0, count: levels) }
  }

  private func score(_ grams: TextGrams, _ row: inout Row) {
    row.values.removeAll(keepingCapacity: true)
    var (ofWords, ofCharacters): (Float, Float) = (0, 0)
    for (place, bucket) in grams.buckets.enumerated() {
      let value = rarities[Int(bucket)]
      row.values.append(value)
      if place < grams.wordCount {
        ofWords += value * value
      } else {
        ofCharacters += value * value
      }
    }
    let scales = [ofWords, ofCharacters].map { $0 > 0 ? (0.5 / $0).squareRoot() : 0 }
    for place in row.values.indices {
      row.values[place] *= scales[place < grams.wordCount ? 0 : 1]
    }
    row.scores = bias
    row.scores.withUnsafeMutableBufferPointer { scores in
      weights.withUnsafeBufferPointer { weights in
        for (bucket, value) in zip(grams.buckets, row.values) where value > 0 {
          let start = Int(bucket) * levels
          for level in 0..<levels { scores[level] += value * weights[start + level] }
        }
      }
    }
  }

  /// One step along the gradient of log p(level | text), once it has scores.
  private mutating func learn(
    _ wanted: Int, _ grams: TextGrams, _ row: inout Row, rate: Float, _ squares: inout [Float]
  ) {
    let largest = row.scores.max() ?? 0
    var total: Float = 0
    for level in 0..<levels {
      row.scores[level] = exp(row.scores[level] - largest)
      total += row.scores[level]
    }
    // From here on the gradient by the scores.
    var square: Float = 0
    for level in 0..<levels {
      row.scores[level] = (level == wanted ? 1 : 0) - row.scores[level] / total
      square += row.scores[level] * row.scores[level]
      bias[level] += 0.01 * rate * row.scores[level]
    }
    let levels = levels
    row.scores.withUnsafeBufferPointer { gradient in
      weights.withUnsafeMutableBufferPointer { weights in
        for (bucket, value) in zip(grams.buckets, row.values) where value > 0 {
          squares[Int(bucket)] += value * value * square
          let step = rate * value / (squares[Int(bucket)] + 1e-4).squareRoot()
          let start = Int(bucket) * levels
          for level in 0..<levels { weights[start + level] += step * gradient[level] }
        }
      }
    }
  }
}
