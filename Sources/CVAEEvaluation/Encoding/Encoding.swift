import CVAEGeneration
public import CVAEModels
import CVAETraining
public import ConditionalData
import RecordTypes
import TensorGraph

/// Where records lie in the latent space.
public struct Encoding: Sendable {
  /// The records, in the order of the rows.
  public let records: [Int32]
  /// The number of latent dimensions.
  public let latent: Int
  /// The mean of q(z | x, y), `[records, latent]`.
  public let z: [Float]
  /// Its style u = (z − mean) / σ under the prior p(z | y), `[records, latent]`.
  public let u: [Float]
  /// The levels of details of pictures, the coarsest first.
  public let levels: [DetailLevel]
  /// The mean of the style of each level, `[records, height, width, channels]`.
  public let details: [[Float]]

  /// Joins rows of one length.
  package init(
    records: [Int32], latent: Int, z: [Float], u: [Float], levels: [DetailLevel] = [],
    details: [[Float]] = []
  ) {
    precondition(
      z.count == records.count * latent && u.count == z.count,
      "An encoding of \(records.count) records in \(latent) dimensions.")
    self.records = records
    self.latent = latent
    self.z = z
    self.u = u
    self.levels = levels
    self.details = details
  }
}

extension Evaluator {
  /// The latent means and styles of `records`.
  ///
  /// - Throws: ``EvaluationFailure`` for no records, and where the networks find no finite z; what
  ///   `RecordFiller` throws for data that don't fit the model.
  public func encode(_ data: DataSet, records: [Int32]) throws -> Encoding {
    guard !records.isEmpty else { throw EvaluationFailure.noRecords(split: "all") }
    let batch = batch(of: records.count)
    let session = try makeSession()
    let pass = try RecognitionPass(model, data: data, session: session, batch: batch)
    let latent = model.model.configuration.latent
    var z: [Float] = []
    var u: [Float] = []
    let levels = model.model.detailLevels
    var details = levels.map { _ in [Float]() }
    let order = LengthOrder(records, of: data, model)
    for rows in BatchRows(order.records, batch: batch) {
      let recognised = try pass.run(rows)
      z += recognised.mean.prefix(rows.count * latent)
      u += recognised.style.prefix(rows.count * latent)
      var first = 0
      for _ in 0..<rows.count {
        for (level, shape) in levels.enumerated() {
          details[level] += recognised.details.mean[first..<first + shape.count]
          first += shape.count
        }
      }
    }
    (z, u) = (order.restored(z, each: latent), order.restored(u, each: latent))
    if let index = z.indices.first(where: { !z[$0].isFinite || !u[$0].isFinite }) {
      throw EvaluationFailure.noStyle(record: Int(records[index / latent]), source: data.source)
    }
    details = zip(levels, details).map { order.restored($1, each: $0.count) }
    return Encoding(
      records: records, latent: latent, z: z, u: u, levels: levels, details: details)
  }
}
