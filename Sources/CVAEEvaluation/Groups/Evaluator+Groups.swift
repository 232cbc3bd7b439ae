import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

extension Evaluator {
  /// The bounds of records whose groups share z: one z is drawn for all members of a group, and its
  /// importance weight counts once.
  ///
  /// log p(x₁ … xₙ | y₁ … yₙ) ≥ log 1/K Σ_k p(z_k) ∏ᵢ p(xᵢ | z_k, yᵢ) / q(z_k | sources)
  ///
  /// The sources are keyed members of the group. Each record bears its share, one over the number of
  /// the group's records here, of the group's log-likelihood and divergence; standard errors know
  /// which records go together.
  ///
  /// - Throws: ``UnknownName`` for data without the field.
  func evaluateGroups(
    by field: String, _ data: DataSet, records: [Int32], samples: Int, split: String
  ) throws -> EvaluationReport {
    let groups = try RecordGroups(data, by: field, records: records)
    let batch = min(batch, records.count)
    let session = try makeSession()
    let latents = try GroupRecognition(
      model, data: data, groups: groups, session: session, batch: batch)
    let importance = try ImportancePass(model, data: data, session: session, batch: batch)
    let hasDetails = !model.model.detailLevels.isEmpty
    let binarizes = !model.model.binarizedInputs.isEmpty
    let single =
      binarizes
      ? try RecognitionPass(model, data: data, session: session, batch: batch) : nil
    var joint = [[Double]](
      repeating: [Double](repeating: 0, count: samples), count: groups.members.count)
    var ratios = joint
    var parts: [(rows: BatchRows.Rows, recognised: Recognised, scores: ImportanceScores)] = []
    for rows in BatchRows(groups.records, batch: batch) {
      let places = rows.records.map { groups.place(of: $0) }
      let recognised = latents.recognised(
        places, binarized: try single?.run(rows).binarized ?? [:])
      let scores = try importance.run(
        rows, recognised: recognised, samples: samples, keys: places.map { groups.leaders[$0] }
      ) { sample, program in
        let (weights, scores) = (program.output(.logWeight), program.output(.logLikelihood))
        let details = hasDetails ? program.output(.logDetailRatio) : []
        for row in 0..<rows.count {
          // Each member has details of its own; z is common to all.
          let own = Double(scores[row]) + (hasDetails ? Double(details[row]) : 0)
          joint[places[row]][sample] += own
          ratios[places[row]][sample] = Double(weights[row]) - own
        }
      }
      parts.append((rows, recognised, scores))
    }
    let bounds = zip(joint, ratios).map { scores, ratios in
      var mean = LogMeanExp()
      for (score, ratio) in zip(scores, ratios) { mean.add(score + ratio) }
      return mean.value
    }
    let units = ScoreUnits(model: model, data: data, records: records)
    var tally = ReportTally(
      model: model, units: units, samples: samples, groups: groups.members.count)
    for part in parts {
      let own = part.rows.records.map { record in
        let place = groups.place(of: record)
        return (place: place, share: 1 / Double(groups.members[place].count))
      }
      let scores = ImportanceScores(
        logLikelihood: own.map { bounds[$0.place] * $0.share },
        reconstruction: part.scores.reconstruction, fields: part.scores.fields,
        details: part.scores.details, flowGain: part.scores.flowGain)
      try tally.add(part.recognised, scores, rows: part.rows, source: data.source, groups: own)
    }
    return tally.report(split: split)
  }
}
