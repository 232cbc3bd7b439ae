import RecordTypes

/// Whether synthetic rows give training rows away.
extension FidelityRows {
  /// The share of training rows that count as rare, and how many there are at least, though never
  /// more than a tenth.
  private static let rareShare = 0.01
  private static let fewestRare = 20

  /// All figures.
  func privacy() -> FidelityReport.Privacy {
    let known = Set(Self.keys(train))
    let (exposed, exposedHeldOut) = rareRowsExposed()
    return FidelityReport.Privacy(
      nearerToTraining: nearerToTraining(), copies: Self.share(Self.keys(synthetic), in: known),
      copiesHeldOut: Self.share(Self.keys(heldOut), in: known), rareRowsExposed: exposed,
      rareRowsExposedHeldOut: exposedHeldOut)
  }

  private func nearerToTraining() -> Double {
    let count = min(train.count, heldOut.count, settings.mostRows)
    let scale = MixedScale(train)
    let made = scale.rows(sample(synthetic, settings.mostRows, "synthetic"))
    let toTraining = made.nearest(among: scale.rows(sample(train, count, "training")))
    let toHeldOut = made.nearest(among: scale.rows(sample(heldOut, count, "held-out")))
    let sum = zip(toTraining, toHeldOut).reduce(0) { sum, pair in
      sum + (pair.0 < pair.1 ? 1 : pair.0 == pair.1 ? 0.5 : 0)
    }
    return sum / Double(made.count)
  }

  /// How many rare rows synthetic rows expose, and how many as many held-out rows do; nil where no training
  /// row is isolated.
  private func rareRowsExposed() -> (Double?, Double?) {
    let scale = MixedScale(train)
    let own = sample(train, settings.mostRows, "training")
    let rows = scale.rows(own)
    let isolation = rows.nearest(among: rows, isSame: true)
    let share = Int((Self.rareShare * Double(rows.count)).rounded(.up))
    let wanted = max(share, min(Self.fewestRare, rows.count / 10))
    let rare = isolation.indices
      .sorted { isolation[$0] != isolation[$1] ? isolation[$0] > isolation[$1] : $0 < $1 }
      .prefix(wanted).filter { isolation[$0] > 0 }
    guard !rare.isEmpty else { return (nil, nil) }
    let rareRows = scale.rows(own.selecting(rare))
    let count = min(synthetic.count, heldOut.count, settings.mostRows)
    func exposed(_ rows: Records, _ purpose: String) -> Double {
      let near = rareRows.nearest(among: scale.rows(sample(rows, count, purpose)))
      return Double(zip(near, rare).count { $0 < isolation[$1] / 2 }) / Double(rare.count)
    }
    return (exposed(synthetic, "synthetic"), exposed(heldOut, "held-out"))
  }

  private func sample(_ rows: Records, _ count: Int, _ purpose: String) -> Records {
    rows.sample(count, "privacy " + purpose, seed: settings.seed)
  }

  /// Each row's values, equal for equal rows only.
  private static func keys(_ rows: Records) -> [[UInt64?]] {
    var keys = [[UInt64?]](repeating: [], count: rows.count)
    for column in rows.columns {
      for (row, number) in column.numbers.enumerated() {
        // One pattern for both zeros.
        keys[row].append(column.isKnown(row) ? number == 0 ? 0 : number.bitPattern : nil)
      }
      for (row, level) in column.levels.enumerated() {
        keys[row].append(column.isKnown(row) ? UInt64(level) : nil)
      }
    }
    return keys
  }

  private static func share(_ keys: [[UInt64?]], in known: Set<[UInt64?]>) -> Double {
    Double(keys.count { known.contains($0) }) / Double(max(keys.count, 1))
  }
}
