import CVAE
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import OneDNNExecution
import RecordTypes
import TensorFiles
import TensorGraph

/// A CVAE on Fashion-MNIST with its first weights; settings other than the architecture are the
/// default ones.
struct Fixture {
  let data: DataSet
  let model: ConditionalVAE
  let preprocessing: Preprocessing
  /// The first weights, as a model that can generate.
  let untrained: TrainedModel
  let configuration: RunConfiguration
  let threads: Int
  let dataPath: String
  /// What this side computes on.
  var device = OpenDevice.processor

  /// Dense layers, or convolutions; `latent` nil: the default number of dimensions.
  init(
    data: DataSet, path: String, threads: Int, architecture: Architecture = .mlp,
    latent: Int? = nil
  ) throws {
    var configuration = RunConfiguration()
    configuration.given = ["label"]
    configuration.model.architecture = architecture
    if let latent { configuration.model.latent = latent }
    // A block at each scale, also the finest, as in the peer.
    configuration.model.convolution.blocks = [1, 1, 1]
    try self.init(data: data, path: path, threads: threads, configuration)
  }

  init(data: DataSet, path: String, threads: Int, _ configuration: RunConfiguration) throws {
    self.data = data
    dataPath = path
    self.threads = threads
    var configuration = configuration
    configuration.training.validation = 0
    configuration.training.threads = threads
    self.configuration = configuration
    let trainer = try Trainer(
      data: data, configuration: configuration, run: RunDirectory("unused"),
      executor: OneDNNExecutor(threads: threads))
    model = trainer.model
    preprocessing = trainer.preprocessing
    untrained = trainer.untrainedModel
  }

  func executor(_ precision: Precision) throws -> any Executor {
    try device.executor(precision: precision, threads: threads)
  }
}

/// A compiled training step that is fed from the data set.
final class TrainingSide {
  let step: CompiledModel
  let session: any ExecutionSession
  let program: ModelProgram
  private let filler: RecordFiller
  private let records: [Int32]
  private let batch: Int
  private var number = 0

  /// - Parameters:
  ///   - records: Those that batches are cut from; left out: all, in random order.
  ///   - steps: The most tokens of a text.
  init(
    _ fixture: Fixture, batch: Int, precision: Precision, records: [Int32]? = nil,
    steps: TextSteps = 0
  ) throws {
    program = try fixture.model.trainingProgram(
      batch: batch, steps: steps, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    session = try fixture.executor(precision).makeSession(for: fixture.model.store)
    step = try session.compile(program)
    filler = try RecordFiller(
      program, model: fixture.model, records: fixture.data.records,
      preprocessing: fixture.preprocessing)
    self.records =
      records
      ?? RandomPosition(seed: 1, step: 0).permutation(RandomPurpose("benchmark"), count: 60000)
    self.batch = batch
    step.set(.klWeight, 1)
  }

  /// Trains, and returns the seconds of the steps alone, since the peers' have their batches ready too.
  @discardableResult
  func run(steps: Int) throws -> Double {
    var seconds = 0.0
    for _ in 0..<steps {
      let start = number * batch % (records.count - batch + 1)
      let position = RandomPosition(seed: 1, step: UInt32(number))
      records[start..<start + batch].withUnsafeBufferPointer {
        filler.fill(step, records: $0, at: position)
      }
      seconds += try Statistics.seconds { try step.run(at: position, learningRate: 0.001) }
      number += 1
    }
    return seconds
  }
}
