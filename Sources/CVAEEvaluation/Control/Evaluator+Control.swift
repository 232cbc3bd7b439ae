import CVAETraining
public import ConditionalData
import RecordTypes
import TensorGraph

extension Evaluator {
  /// Judges how well the model draws what is requested.
  ///
  /// Real pictures are those of the test split; the classifier and the probes learn from the training
  /// split. Data that the model was not trained on are split in the same way. Everything drawn is
  /// keyed by the model's seed, so that equal calls give equal reports.
  ///
  /// ```swift
  /// let subject = try ControlSubject(model)
  /// let classifier = try evaluator.classifier(of: subject, in: data)
  /// let report = try evaluator.control(
  ///   of: subject, in: data, classifier: classifier,
  ///   settings: ControlSettings(levels: subject.category.levels.count))
  /// ```
  ///
  /// - Throws: ``ControlFailure`` where too few records have a level; what `RecordFiller` throws for
  ///   data that don't fit the model.
  public func control(
    of subject: ControlSubject, in data: DataSet, classifier: ImageClassifier,
    settings: ControlSettings
  ) throws -> ControlReport {
    let records = try ControlRecords(
      data, content: subject.image, category: subject.category, model: model)
    // In a random order, so that any part of them is representative.
    let test = ControlRecords.sample(
      records.test, count: records.test.count, purpose: "test pictures", seed: model.seed)
    let generated = try pictures(of: subject, records: records, perLevel: settings.perLevel)
    let real = try classifier.fitted.score(records.pictures(test), executor: executor)
    let drawn = try classifier.fitted.score(generated, executor: executor)
    let levels = records.levels.map { level in
      ControlReport.Level(
        name: subject.category.levels[Int(level)], generated: settings.perLevel,
        accuracy: drawn.accuracy(of: level) ?? drawn.accuracy,
        testAccuracy: real.accuracy(of: level),
        diversity: FeatureDiversity.ratio(of: level, generated: drawn, real: real))
    }
    let diversity = FeatureDiversity.mean(levels.compactMap(\.diversity))
    let distances = FrechetPair(generated: drawn, real: real)
    return ControlReport(
      field: subject.category.name,
      classifier: ControlReport.Classifier(testAccuracy: real.accuracy),
      accuracy: drawn.accuracy, perLevel: levels, diversity: diversity,
      curve: try controlCurve(
        of: subject, records: records, perLevel: settings.perLevel, classifier: classifier,
        real: real,
        trained: ControlCurve.Point(
          strength: 1, accuracy: drawn.accuracy, diversity: diversity)),
      frechetDistance: distances.generated, frechetDistanceOfReal: distances.real,
      memorisation: records.split.areTheModels
        ? try memorisation(of: generated, test: test, records: records, most: settings.compared)
        : nil,
      leakage: try leakage(
        of: subject.category, records: records, mostTraining: settings.probed),
      classification: try classification(
        of: subject, records: records, most: settings.classified, samples: settings.samples))
  }

  /// Compares at most `most` generated and at most `most` test pictures with all training pictures.
  private func memorisation(
    of generated: LabelledRows, test: [Int32], records: ControlRecords, most: Int
  ) throws -> Memorisation {
    let chosen = ControlRecords.sample(
      (0..<Int32(generated.count)).map { $0 }, count: most, purpose: "compared", seed: model.seed)
    let pictures = records.pictures(Array(test.prefix(most)))
    let neighbours = NearestNeighbours(among: records.pictures(records.train), executor: executor)
    return Memorisation(
      generated: try neighbours.distances(of: generated.values(chosen)),
      test: try neighbours.distances(of: pictures.values((0..<Int32(pictures.count)).map { $0 })))
  }
}
