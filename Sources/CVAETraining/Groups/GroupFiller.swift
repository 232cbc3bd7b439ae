public import CVAEModels
public import ConditionalData
public import RecordTypes
public import TensorGraph

/// Writes the sources and targets of groups into a grouped program's inputs.
public struct GroupFiller: Sendable {
  private let targets: RecordFiller
  private let sources: RecordFiller

  /// Prepares to fill the inputs of `program` from `records`.
  ///
  /// - Throws: As ``RecordFiller``.
  public init(
    _ program: ModelProgram, model: ConditionalVAE, records: Records, preprocessing: Preprocessing
  ) throws {
    targets = try RecordFiller(
      program, model: model, records: records, preprocessing: preprocessing)
    sources = try RecordFiller(
      program, model: model, records: records, preprocessing: preprocessing, set: .source)
  }

  /// Writes a batch of groups.
  ///
  /// - Parameters:
  ///   - position: addresses the random numbers of conditional dropout.
  ///   - conditionDropout: the probability by which each given field of each record becomes "any".
  public func fill(
    _ program: CompiledModel, _ batch: GroupBatches.Batch, at position: RandomPosition,
    conditionDropout: Double = 0
  ) {
    batch.targets.withUnsafeBufferPointer {
      targets.fill(program, records: $0, at: position, conditionDropout: conditionDropout)
    }
    batch.sources.withUnsafeBufferPointer {
      sources.fill(program, records: $0, at: position, conditionDropout: conditionDropout)
    }
    program.withInput(.sourceMask) { _ = $0.update(from: batch.mask) }
    if program.model.reads(.groups) {
      program.withIndexInput(.groups) { _ = $0.update(from: batch.groups) }
      program.withInput(.groupShare) { _ = $0.update(from: batch.shares) }
    }
  }
}
