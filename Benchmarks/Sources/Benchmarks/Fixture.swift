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

  /// Dense layers, or convolutions; `latent` nil: the default number of dimensions.
  init(
    data: DataSet, path: String, threads: Int, architecture: Architecture = .mlp,
    latent: Int? = nil
  ) throws {
    self.data = data
    dataPath = path
    self.threads = threads
    var configuration = RunConfiguration()
    configuration.given = ["label"]
    configuration.model.architecture = architecture
    if let latent { configuration.model.latent = latent }
    // A block at each scale, also the finest, as in the peer.
    configuration.model.convolution.blocks = [1, 1, 1]
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

  func executor(_ precision: Precision) -> OneDNNExecutor {
    OneDNNExecutor(precision: precision, threads: threads)
  }

  /// Multiplications and additions of the matrix products in a program, by their definition.
  static func floatingPointOperations(of program: Program) -> Double {
    let graph = program.graph
    return Plan(program).instructions.reduce(0) { total, instruction in
      let (left, right) = (instruction.operands.first, instruction.operands.dropFirst().first)
      guard let left, let right else { return total }
      let (a, b) = (graph.shape(of: left), graph.shape(of: right))
      let result = graph.shape(of: instruction.results[0])
      switch instruction.kernel {
      case .convolution, .operation(.convolution):
        return total + 2 * Double(result.count * b.rows)
      case .operation(.transposedConvolution(_, _, _)):
        return total + 2 * Double(a.count * b.count / b.columns)
      case .convolutionWeightAndBiasGradient, .operation(.convolutionWeightGradient):
        return total + 2 * Double(b.rows * result.count)
      case .dense: return total + 2 * Double(a.rows * b.rows * b.columns)
      case .weightAndBiasGradient: return total + 2 * Double(a.rows * a.columns * b.columns)
      case .operation(.matmul(let transposeLeft, _)):
        return transposeLeft
          ? total + 2 * Double(a.rows * a.columns * b.columns)
          : total + 2 * Double(a.rows * b.rows * b.columns)
      case .operation: return total
      }
    }
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

  init(_ fixture: Fixture, batch: Int, precision: Precision) throws {
    program = try fixture.model.trainingProgram(
      batch: batch, rule: AdamRule(), clipNorm: nil, freeBits: 0)
    session = try fixture.executor(precision).makeSession(for: fixture.model.store)
    step = try session.compile(program)
    filler = try RecordFiller(
      program, model: fixture.model, records: fixture.data.records,
      preprocessing: fixture.preprocessing)
    records = RandomPosition(seed: 1, step: 0).permutation(
      RandomPurpose("benchmark"), count: 60000)
    self.batch = batch
    step.set(.klWeight, 1)
  }

  /// Trains, and returns the seconds of the steps alone, since the peers' have their batches ready too.
  @discardableResult
  func run(steps: Int) throws -> Double {
    var seconds = 0.0
    for _ in 0..<steps {
      let start = number * batch % (60000 - batch)
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
