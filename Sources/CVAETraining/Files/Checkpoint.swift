import CVAEModels
public import TensorFiles
public import TensorGraph

/// A run between two steps: its model, the optimiser's state and the position, from which
/// `--resume` goes on to the same bytes that an uninterrupted run would have written.
public struct Checkpoint: Sendable {
  /// The key of the state in the file's header.
  static let stateKey = "training"
  /// What the optimiser's tensors' names begin with.
  static let optimizerPrefix = "optimizer."
  /// What the names of the parameters' running means begin with.
  static let averagesPrefix = "average."

  /// The networks, the parameters' values, and all settings.
  public let model: TrainedModel
  /// Running means of the gradients, by parameter.
  public let firstMoments: [String: StoredTensor]
  /// Running means of the squared gradients, by parameter.
  public let secondMoments: [String: StoredTensor]
  /// Running means of the parameters; empty for a run without, and before the first.
  public let averages: [String: StoredTensor]
  /// Where the run stands.
  public let state: TrainingState

  /// The settings of the run.
  public var configuration: RunConfiguration { model.provenance.configuration }

  /// Takes the optimiser's state out of a session.
  public init(
    model: TrainedModel, session: any ExecutionSession, state: TrainingState,
    averages: [String: [Float]] = [:]
  ) throws {
    var (first, second): ([String: StoredTensor], [String: StoredTensor]) = ([:], [:])
    for parameter in model.model.store.parameters {
      let moments = try session.moments(of: parameter)
      let shape = parameter.shape.dimensions
      first[parameter.name] = StoredTensor(shape: shape, values: moments.first)
      second[parameter.name] = StoredTensor(shape: shape, values: moments.second)
    }
    self.model = model
    firstMoments = first
    secondMoments = second
    self.averages = Dictionary(
      uniqueKeysWithValues: model.model.store.parameters.compactMap { parameter in
        averages[parameter.name].map {
          (parameter.name, StoredTensor(shape: parameter.shape.dimensions, values: $0))
        }
      })
    self.state = state
  }

  /// Puts parameters, optimiser state and update count into a session of the same model.
  public func restore(_ session: any ExecutionSession) throws {
    for parameter in model.model.store.parameters {
      guard let value = model.tensors[parameter.name],
        let first = firstMoments[parameter.name], let second = secondMoments[parameter.name]
      else { continue }
      try session.setValue(value.values, of: parameter)
      try session.setMoments(first: first.values, second: second.values, of: parameter)
    }
    session.updateCount = state.updateCount
  }

  /// Writes a checkpoint, whole or not at all.
  public func save(to path: String) throws {
    var file = SafetensorsFile(metadata: try model.metadata(), tensors: model.tensors)
    file.metadata[Self.stateKey] = try JSONText.string(state)
    for (name, tensor) in firstMoments { file.tensors[Self.first(name)] = tensor }
    for (name, tensor) in secondMoments { file.tensors[Self.second(name)] = tensor }
    for (name, tensor) in averages { file.tensors[Self.averagesPrefix + name] = tensor }
    try file.write(to: path)
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: ``ModelFileFailure``, ``FileFailure``.
  public static func load(_ path: String) throws -> Checkpoint {
    try Checkpoint(SafetensorsFile.read(path), path: path)
  }

  private init(_ file: SafetensorsFile, path: String) throws {
    let header = ModelHeader(metadata: file.metadata, path: path)
    state = try header.read(TrainingState.self, Self.stateKey)
    if let mistake = state.mistake {
      throw header.mismatch(mistake.key, of: Self.stateKey, mistake.expected, mistake.actual)
    }
    let model = try TrainedModel(file, path: path)
    func moments(_ name: (String) -> String) throws -> [String: StoredTensor] {
      let pairs = try model.model.store.parameters.map { parameter in
        let tensor = try file.tensors.named(
          name(parameter.name), shape: parameter.shape, path: path,
          advice: "the checkpoint is damaged; start the run again with --overwrite")
        return (parameter.name, tensor)
      }
      return Dictionary(uniqueKeysWithValues: pairs)
    }
    self.model = model
    firstMoments = try moments(Self.first)
    secondMoments = try moments(Self.second)
    let known = model.model.store.parameters.filter {
      file.tensors[Self.averagesPrefix + $0.name] != nil
    }
    averages = try Dictionary(
      uniqueKeysWithValues: known.map { parameter in
        let tensor = try file.tensors.named(
          Self.averagesPrefix + parameter.name, shape: parameter.shape, path: path,
          advice: "the checkpoint is damaged; start the run again with --overwrite")
        return (parameter.name, tensor)
      })
  }

  private static func first(_ name: String) -> String { "\(optimizerPrefix)first.\(name)" }
  private static func second(_ name: String) -> String { "\(optimizerPrefix)second.\(name)" }
}
