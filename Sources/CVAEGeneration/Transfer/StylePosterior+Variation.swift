import Foundation
import TensorGraph

/// Styles around those of records, of several records together, and on the way from one to another. All of them are as
/// probable under N(0, I) as what they were made from, so they are drawn like any others.
extension StylePosterior {
  /// Styles like those of every record: some levels are moved on the sphere,
  ///
  /// `u′ = √(1 − amount²) · u + amount · ε`
  ///
  /// and the others stay. `alternatives` of each record, one record after another, `[count · alternatives, width]`.
  ///
  /// - Parameters:
  ///   - moved: The levels that change, z being level 0.
  ///   - amount: 0 changes nothing, 1 draws the levels anew.
  ///   - temperature: Scales ε.
  ///   - seed: Addresses ε; alternative number i of a record is the same for any number of alternatives.
  public func varied(
    _ moved: some Collection<Int>, by amount: Double, alternatives: Int, temperature: Double = 1,
    seed: UInt64
  ) -> [Float] {
    let isMoved = numbers(of: moved)
    let rest = Float(max(0, 1 - amount * amount).squareRoot())
    var styles: [Float] = []
    styles.reserveCapacity(count * alternatives * width)
    for record in 0..<count {
      for alternative in 0..<alternatives {
        let position = RandomPosition(seed: seed, step: UInt32(alternative))
        for number in 0..<width {
          let own = mean[record * width + number]
          guard isMoved[number] else {
            styles.append(own)
            continue
          }
          let noise = position.normal(
            Self.variation, record: UInt32(record), column: number)
          styles.append(rest * own + Float(amount * temperature * noise))
        }
      }
    }
    return styles
  }

  /// The style that has some levels of one record, and the others of another, `[width]`.
  ///
  /// - Parameter levels: Those of the first record, z being level 0.
  public func mixed(_ levels: some Collection<Int>, of first: Int, with second: Int) -> [Float] {
    zip(numbers(of: levels), zip(style(of: first), style(of: second)))
      .map { $0 ? $1.0 : $1.1 }
  }

  /// The style at a share of the way from one record to another, `[width]`: each level turns from the direction of the one
  /// into that of the other, and its length changes evenly.
  ///
  /// - Source: Shoemake, *Animating Rotation with Quaternion Curves*, 1985; White, *Sampling Generative Networks*, 2016, for
  ///   latent spaces, in which a straight line would run through a middle that no record has.
  public func between(_ first: Int, _ second: Int, share: Double) -> [Float] {
    let (from, to) = (style(of: first), style(of: second))
    var styles: [Float] = []
    var start = 0
    for count in levels {
      let part = start..<start + count
      styles += Self.turned(Array(from[part]), Array(to[part]), share: share)
      start += count
    }
    return styles
  }

  private static func turned(_ from: [Float], _ to: [Float], share: Double) -> [Float] {
    func length(_ values: [Float]) -> Double {
      values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let lengths = (length(from), length(to))
    let dot = zip(from, to).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let angle = acos(min(max(dot / max(lengths.0 * lengths.1, 1e-30), -1), 1))
    guard lengths.0 > 0, lengths.1 > 0, sin(angle) > 1e-6 else {
      return zip(from, to).map { $0 + Float(share) * ($1 - $0) }
    }
    let target = lengths.0 + share * (lengths.1 - lengths.0)
    let weights = (
      sin((1 - share) * angle) / sin(angle) * target / lengths.0,
      sin(share * angle) / sin(angle) * target / lengths.1
    )
    return zip(from, to).map { Float(weights.0 * Double($0) + weights.1 * Double($1)) }
  }

  /// The mean of a record's style.
  private func style(of record: Int) -> [Float] {
    Array(mean[record * width..<(record + 1) * width])
  }

  /// Which numbers of a style belong to some levels.
  func numbers(of chosen: some Collection<Int>) -> [Bool] {
    levels.enumerated().flatMap { level, count in
      [Bool](repeating: chosen.contains(level), count: count)
    }
  }

  private static let variation = RandomPurpose("varied style")
}
