public import CVAEModels
public import ConditionalData
public import TensorGraph

/// Writes the sources and targets of groups into a grouped program's inputs.
public struct GroupFiller: Sendable {
  private let targets: BatchFiller
  private let sources: BatchFiller
  private let names: Set<String>

  /// Prepares to fill the inputs of `program` from `data`.
  ///
  /// - Throws: As ``BatchFiller``.
  public init(
    program: Program, model: ConditionalVAE, data: DataSet, preprocessing: Preprocessing
  ) throws {
    targets = try BatchFiller(
      program: program, model: model, data: data, preprocessing: preprocessing)
    sources = try BatchFiller(
      program: program, model: model, data: data, preprocessing: preprocessing, prefix: .source)
    names = BatchFiller.inputNames(of: program.graph)
  }

  /// Writes a batch of groups.
  ///
  /// - Parameters:
  ///   - position: addresses the random numbers of conditional dropout.
  ///   - conditionDropout: the probability by which each given field of each record becomes "any".
  public func fill(
    _ program: any CompiledProgram, _ batch: GroupBatches.Batch, at position: RandomPosition,
    conditionDropout: Double = 0
  ) {
    batch.targets.withUnsafeBufferPointer {
      targets.fill(program, records: $0, at: position, conditionDropout: conditionDropout)
    }
    batch.sources.withUnsafeBufferPointer {
      sources.fill(program, records: $0, at: position, conditionDropout: conditionDropout)
    }
    program.withInput(ProgramInput.sourceMask.rawValue) { _ = $0.update(from: batch.mask) }
    if names.contains(ProgramInput.groups.rawValue) {
      program.withIndexInput(ProgramInput.groups.rawValue) { _ = $0.update(from: batch.groups) }
      program.withInput(ProgramInput.groupShare.rawValue) { _ = $0.update(from: batch.shares) }
    }
  }
}
