import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

extension TextEvaluation {
  /// Judges texts by a category.
  ///
  /// - Parameters:
  ///   - sources: The records under whose conditions texts were drawn, in their order.
  ///   - drawn: Texts at the temperature 1.
  ///   - cool: Texts at a lower one.
  /// - Returns: With sheets of texts of each level, and of transferred ones if there are any.
  func control(
    of category: Field, _ records: ControlRecords, sources: [Int32], drawn: [String],
    cool: [String]
  ) throws -> (TextControl, [TextSheet]) {
    let judge = TextJudge(
      texts: records.texts(records.train), levels: records.levels(of: records.train),
      of: category.levels.count, seed: model.seed)
    let real = judge.scores(
      of: records.texts(records.test), wanted: records.levels(of: records.test))
    // The level is unknown in some records.
    let isJudged = Set(records.test)
    let rows = sources.indices.filter { isJudged.contains(sources[$0]) }
    let wanted = records.levels(of: rows.map { sources[$0] })
    let made = judge.scores(of: rows.map { drawn[$0] }, wanted: wanted)
    let cooler = judge.scores(of: rows.map { cool[$0] }, wanted: wanted)
    let (ofLevels, levels) = try texts(of: category, records)
    let byLevel = judge.scores(of: ofLevels, wanted: levels)
    let testAccuracy = real.accuracy
    let transferred = try transfer(of: category, records, judge: judge)
    let report = TextControl(
      field: category.name,
      judge: TextControl.Judge(trainingTexts: judge.trainingTexts, testAccuracy: testAccuracy),
      accuracy: made.accuracy,
      ratio: FeatureDiversity.ratio(made.accuracy, over: testAccuracy),
      cool: TextControl.Cool(
        temperature: settings.coolTemperature, accuracy: cooler.accuracy,
        ratio: FeatureDiversity.ratio(cooler.accuracy, over: testAccuracy)),
      perLevel: records.levels.map { level in
        TextControl.Level(
          name: category.levels[Int(level)], generated: levels.count { $0 == level },
          accuracy: byLevel.accuracy(of: level) ?? byLevel.accuracy,
          testAccuracy: real.accuracy(of: level))
      },
      transfer: transferred?.report, rewriting: transferred?.rewriting,
      leakage: model.model.masksRows
        ? nil
        : try evaluator.leakage(of: category, records: records, mostTraining: settings.probed))
    let sheets = [
      samples(of: category, records.levels, texts: ofLevels, wanted: levels), transferred?.sheet,
    ]
    return (report, sheets.compactMap(\.self))
  }

  /// Each text under another level that training records have, of which all are equally probable.
  private func transfer(
    of category: Field, _ records: ControlRecords, judge: TextJudge
  ) throws -> (report: TextControl.Transfer, rewriting: TextControl.Transfer, sheet: TextSheet)? {
    let isJudged = Set(records.test)
    let chosen = Array(test.filter { isJudged.contains($0) }.prefix(settings.read))
    guard !model.model.masksRows, records.levels.count > 1, !chosen.isEmpty else { return nil }
    let own = records.levels(of: chosen)
    let position = RandomPosition(seed: model.seed, step: 0)
    let purpose = RandomPurpose("evaluation transfer")
    let targets = zip(chosen, own).map { record, level in
      let others = records.levels.filter { $0 != level }
      let share = position.uniform(purpose, record: UInt32(record), column: 0)
      return others[min(Int(share * Double(others.count)), others.count - 1)]
    }
    let inputs = try TransferInputs(data, records: chosen, from: [:], model: model)
    let styles = try StyleReader(model, executor: evaluator.executor).styles(of: inputs)
      .styles(seed: nil)
    let changed = Conditions(inputs.conditions.records.setting(category, to: .levels(targets)))
    let written = try draw(changed, Self.mostProbable, styles: styles)
    let words = try TextRewriter(model, executor: evaluator.executor).restrictions(
      of: field, inputs, rows: Array(chosen.indices), conditions: changed, styles: styles,
      keep: settings.kept)
    let rewritten = try draw(
      changed, Self.mostProbable, styles: styles, asked: [field.name: words])
    let sources = texts(chosen)
    let sourceUnits = sources.map(units.numbers)
    func report(_ results: [String]) -> TextControl.Transfer {
      let found = judge.likeliest(results)
      let resultUnits = results.map(units.numbers)
      let overlaps = zip(resultUnits, sourceUnits).map { TextOverlap.f1($0, $1) }
      let others = zip(resultUnits, sourceUnits.dropFirst() + sourceUnits.prefix(1)).map {
        TextOverlap.f1($0, $1)
      }
      return TextControl.Transfer(
        records: chosen.count,
        accuracy: ClassifierScores.share(zip(found, targets).map { $0 == $1 }),
        kept: ClassifierScores.share(zip(found, own).map { $0 == $1 }),
        f1: Moments(overlaps).estimate,
        baseline: chosen.count > 1 ? Moments(others).estimate : nil,
        unique: Double(Set(results.map(ByteText.init)).count) / Double(results.count))
    }
    let rows = chosen.indices.prefix(settings.shown).map { row in
      [
        category.levels[Int(own[row])], sources[row], category.levels[Int(targets[row])],
        written[row], rewritten[row],
      ]
    }
    return (
      report(written), report(rewritten),
      sheet(
        "Transfers",
        reading: "Held-out texts, and the most probable text under another '\(category.name)' "
          + "with the same style: written wholly, and with half of the words kept.",
        headings: ["from", "text", "to", "result", "half kept"], rows: rows)
    )
  }

  /// Texts under each level, level by level, and the other conditions of held-out records that have it.
  private func texts(
    of category: Field, _ records: ControlRecords
  ) throws -> (texts: [String], levels: [Int32]) {
    let perLevel = settings.perLevel(of: records.levels.count)
    let isJudged = Set(records.test)
    let known = test.filter { isJudged.contains($0) }
    let knownLevels = records.levels(of: known)
    var (sources, levels): ([Int32], [Int32]) = ([], [])
    for level in records.levels {
      let own = zip(known, knownLevels).filter { $0.1 == level }.map(\.0)
      let chosen = own.isEmpty ? test : own
      sources += (0..<perLevel).map { chosen[$0 % chosen.count] }
      levels += [Int32](repeating: level, count: perLevel)
    }
    let conditions = try conditions(of: sources)
    let written = try draw(
      Conditions(conditions.records.setting(category, to: .levels(levels))))
    return (written, levels)
  }

  /// The first texts of each level.
  private func samples(
    of category: Field, _ levels: [Int32], texts: [String], wanted: [Int32]
  ) -> TextSheet {
    let rows = levels.flatMap { level in
      texts.indices.filter { wanted[$0] == level }.prefix(settings.shownOfLevel)
        .map { [category.levels[Int(level)], texts[$0]] }
    }
    return sheet(
      "Texts by level", reading: "Generated under each '\(category.name)', not chosen among more.",
      headings: [category.name, field.name], rows: rows)
  }
}

extension TextJudge {
  /// What it says of texts whose levels are known, or were requested.
  fileprivate func scores(of texts: [String], wanted: [Int32]) -> ClassifierScores {
    ClassifierScores(
      predicted: likeliest(texts), wanted: wanted, features: [], width: 0, logits: [])
  }
}
