public import CVAEModels
public import ConditionalData
public import RecordTypes
public import TensorFiles
public import TensorGraph

/// A model with its parameters' values and all that is needed to use it: the content of `model.safetensors`.
public struct TrainedModel: Sendable {
  /// The networks.
  public let model: ConditionalVAE
  /// How the values of fields are converted for the networks.
  public let preprocessing: Preprocessing
  /// The objective that was minimised.
  public let objective: ModelObjective
  /// Where the values come from.
  public let provenance: ModelProvenance
  /// The parameters' values by name, row-major.
  public let tensors: [String: StoredTensor]
  /// The file it was loaded from; nil for one made in memory.
  public let path: String?
  /// The layout of that file; version 0.2.0 wrote 1.
  public let formatVersion: Int

  /// Joins a model and its values, one tensor for each parameter.
  public init(
    model: ConditionalVAE, preprocessing: Preprocessing, objective: ModelObjective,
    provenance: ModelProvenance, tensors: [String: StoredTensor], path: String? = nil,
    formatVersion: Int = ModelArchitecture.currentFormat
  ) {
    self.model = model
    self.preprocessing = preprocessing
    self.objective = objective
    self.provenance = provenance
    self.tensors = tensors
    self.path = path
    self.formatVersion = formatVersion
  }

  /// The records' fields.
  public var schema: RecordSchema { model.schema }
  /// Which fields are given.
  public var roles: Roles { model.roles }
  /// The seed of the run.
  public var seed: UInt64 { provenance.seed }

  /// A session in which the parameters have their trained values.
  public func makeSession(_ executor: any Executor) throws -> any ExecutionSession {
    let session = try executor.makeSession(for: model.store)
    for parameter in model.store.parameters {
      guard let tensor = tensors[parameter.name] else { continue }
      try session.setValue(tensor.values, of: parameter)
    }
    return session
  }

  /// The fingerprint of data, computed as the version that wrote the model did; for the data that it was trained
  /// on, it equals ``ModelProvenance/dataFingerprint``.
  public func fingerprint(of data: DataSet) -> String? {
    formatVersion == 1 ? data.earlierFingerprint : data.fingerprint
  }

  /// The splits that the run was trained with; nil for data with another fingerprint, whose records
  /// the model has never seen, and for levels of other names where the records were split by them.
  public func split(of data: DataSet) -> DataSplit? {
    guard fingerprint(of: data) == provenance.dataFingerprint else { return nil }
    if let stored = data.stored { return stored.samples }
    let split = try? DataSplit(
      data, seed: provenance.splitSeed, validation: provenance.validation, by: provenance.splitBy)
    let isSame = provenance.splitBy == nil || split?.train.count == provenance.trainingRecords
    return isSame ? split : nil
  }
}
