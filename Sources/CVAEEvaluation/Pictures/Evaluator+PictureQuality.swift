import CVAEGeneration
import CVAEModels
import CVAETraining
public import ConditionalData
import Foundation
public import RecordTypes
import TensorGraph

extension Evaluator {
  /// Real pictures that are judged, at most.
  private static let mostPictures = 2000
  /// Pictures that are carried over to another level, at most.
  private static let mostTransferred = 500

  /// Judges the pictures that the model draws of test records, and under their conditions.
  ///
  /// - Parameters:
  ///   - image: A generated image.
  ///   - subject: By what category pictures are carried over, and the classifier that judges that; nil for none.
  /// - Throws: ``EvaluationFailure`` for fewer than four test records; what `RecordFiller` throws for data that don't fit the
  ///   model.
  public func pictureQuality(
    of image: Field, in data: DataSet, transferring subject: (ControlSubject, ImageClassifier)?
  ) throws -> PictureReport {
    guard let size = image.imageSize else {
      preconditionFailure("'\(image.name)' is no image.")
    }
    let split = JudgedSplit(data, model: model)
    guard split.test.count >= 4 else { throw EvaluationFailure.noRecords(split: "test") }
    let chosen = ControlRecords.sample(
      split.test, count: Self.mostPictures, purpose: "judged pictures", seed: model.seed)
    let inputs = try TransferInputs(data, records: chosen, from: [:], model: model)
    let styles = try StyleReader(model, executor: executor).styles(of: inputs)
    let generator = try Generator(model, executor: executor)
    let real = pixels(of: image, in: inputs.data.records)
    func drawn(_ change: (inout DrawRequest) -> Void) throws -> [Float] {
      var request = DrawRequest(inputs.conditions, seed: model.seed)
      change(&request)
      return pixels(of: image, in: try generator.draw(request)[0].records)
    }
    let again = try drawn { $0.styles = styles.styles(seed: nil) }
    let new = try drawn { _ in }
    func area(_ generated: [Float]) throws -> Estimate {
      try PictureDetection.areaUnderCurve(
        generated: generated, real: real, size, seed: model.seed, executor: executor)
    }
    let texture = PictureTexture(real, size)
    let drawnPixels =
      model.model.drawsPixels(of: image) ? try area(try drawn { $0.drawsPixels = true }) : nil
    var report = PictureReport(
      field: image.name, records: inputs.count, reconstructionError: Self.error(again, real),
      reconstructions: PictureTexture(again, size).report(real: texture),
      generated: PictureTexture(new, size).report(real: texture),
      real: texture.report(real: texture), detectionAUC: try area(new),
      detectionAUCOfDrawnPixels: drawnPixels)
    if let (subject, classifier) = subject {
      let count = min(Self.mostTransferred, chosen.count)
      report.transferField = subject.category.name
      report.transferClassifier = try classifier.fitted.score(
        ControlRecords(data, content: subject.image, category: subject.category, model: model)
          .pictures(Array(chosen.prefix(count))), executor: executor
      ).accuracy
      report.transfer = try transfers(
        Array(chosen.prefix(count)), of: data, subject, classifier, generator: generator)
    }
    return report
  }

  private func transfers(
    _ records: [Int32], of data: DataSet, _ subject: ControlSubject, _ classifier: ImageClassifier,
    generator: Generator
  ) throws -> [PictureReport.Transfer]? {
    let inputs = try TransferInputs(data, records: records, from: [:], model: model)
    guard let own = inputs.conditions.records[subject.category.name]?.levels else { return nil }
    // Each goes to another level that occurs among the records.
    let levels = Set(own).sorted()
    guard levels.count > 1 else { return nil }
    let position = RandomPosition(seed: model.seed, step: 0)
    let wanted = own.enumerated().map { record, level in
      let others = levels.filter { $0 != level }
      let draw = position.uniform("transferred level", record: UInt32(record), column: 0)
      return others[Int(draw * Double(others.count))]
    }
    let (image, real) = (subject.image, pixels(of: subject.image, in: inputs.data.records))
    let reader = try StyleReader(model, executor: executor)
    let posterior = try reader.styles(of: inputs)
    let other = Conditions(inputs.conditions.records.setting(subject.category, to: .levels(wanted)))
    return try (1...posterior.levels.count).map { kept in
      func drawn(_ posterior: StylePosterior, _ conditions: Conditions) throws -> [Float] {
        var request = DrawRequest(conditions, seed: model.seed)
        request.styles = posterior.keeping(0..<kept).styles(seed: nil)
        return pixels(of: image, in: try generator.draw(request)[0].records)
      }
      let there = try drawn(posterior, other)
      let seen = try classifier.fitted.score(
        LabelledRows(there, width: image.width, levels: wanted), executor: executor)
      let moved = inputs.data.setting([
        (subject.category, .levels(wanted)),
        (
          image,
          .bytes(there.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }, size: subject.size)
        ),
      ])
      let way = try TransferInputs(
        moved, records: (0..<Int32(inputs.count)).map { $0 }, from: [:], model: model)
      let back = try drawn(reader.styles(of: way), inputs.conditions)
      return PictureReport.Transfer(
        levels: kept,
        last: kept == 1 ? "z" : "\(model.model.detailLevels[kept - 2].extent)",
        asRequested: seen.accuracy,
        ownError: Self.error(try drawn(posterior, inputs.conditions), real),
        returnError: Self.error(back, real))
    }
  }

  /// Values in [0, 1].
  private func pixels(of image: Field, in records: Records) -> [Float] {
    switch records[image.name]?.values {
    case .intensities(let values): values
    case .bytes(let bytes): bytes.withUnsafeBufferPointer { $0.map { Float($0) / 255 } }
    default: preconditionFailure("'\(image.name)' is an image.")
    }
  }

  /// Root mean square of the differences, of 255.
  private static func error(_ first: [Float], _ second: [Float]) -> Double {
    let sum = zip(first, second).reduce(0.0) { sum, pair in
      let difference = Double(pair.0 - pair.1)
      return sum + difference * difference
    }
    return 255 * (sum / Double(max(1, first.count))).squareRoot()
  }
}
