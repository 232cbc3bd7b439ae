import CVAEModels
import ConditionalData
import RecordTypes
import TensorFiles
import TensorGraph

extension TrainingLoop {
  /// The model as it stands.
  func snapshot() throws -> TrainedModel {
    try trainer.trainedModel(at: state, session.value)
  }

  /// Writes a checkpoint, of `snapshot` where the caller has one already. All ranks take part, since each has a part of
  /// the optimiser's state.
  func writeCheckpoint(of snapshot: TrainedModel? = nil) throws {
    state.updateCount = session.updateCount
    let checkpoint = try Checkpoint(
      model: snapshot ?? self.snapshot(), session: session, state: state,
      averages: averages?.values ?? [:])
    if trainer.writesFiles { try checkpoint.save(to: trainer.run.checkpointPath) }
  }
}

extension TrainedModel {
  /// Whether every value is finite.
  var isFinite: Bool {
    tensors.values.allSatisfy { tensor in tensor.values.allSatisfy(\.isFinite) }
  }
}

extension Trainer {
  /// The model as it is before the first step, for benchmarks and to see what an untrained model draws.
  public var untrainedModel: TrainedModel {
    trainedModel(at: TrainingState(), model.store.initialValues)
  }

  /// The model at one moment of a run, with these values of its parameters.
  func trainedModel(
    at state: TrainingState, _ values: (Parameter) throws -> [Float]
  ) rethrows -> TrainedModel {
    let tensors = try model.store.parameters.map { parameter in
      (
        parameter.name,
        StoredTensor(shape: parameter.shape.dimensions, values: try values(parameter))
      )
    }
    return TrainedModel(
      model: model, preprocessing: preprocessing, objective: objective,
      provenance: provenance(state), tensors: Dictionary(uniqueKeysWithValues: tensors))
  }

  /// What is minimised.
  var objective: ModelObjective {
    let kinds = model.generatedFields.map { field in
      (field.name, model.configuration.likelihoodKind(of: field))
    }
    return ModelObjective(
      klWeight: configuration.training.klWeight, freeBits: configuration.training.freeBits,
      freeBitsUntil: configuration.training.freeBitsUntil,
      likelihood: Dictionary(uniqueKeysWithValues: kinds), binarize: model.configuration.binarize)
  }

  /// Where the parameters come from at one moment of a run.
  func provenance(_ state: TrainingState) -> ModelProvenance {
    let training = configuration.training
    return ModelProvenance(
      dataFingerprint: data.fingerprint, splitSeed: training.seed, validation: training.validation,
      splitBy: training.splitBy, seed: training.seed, epochs: state.epoch, steps: state.step,
      trainingRecords: trainingCount, precision: training.precision, threads: training.threads,
      configuration: configuration)
  }
}
