import RecordTypes
public import TensorGraph

/// The inputs of a model's programs.
public enum InputSlot: Hashable, Sendable {
  /// The records' numbers, indices `[batch]`, which address the random numbers.
  case records(RecordSet)
  /// A field, or a part of it: indices `[batch]` or reals `[batch, width]`.
  case field(FieldInput, RecordSet)
  /// The token before each of a text's tokens, indices `[steps · batch]`; the tokens themselves are the ``field(_:_:)``,
  /// of the same shape. See `TextNodes`.
  case before(FieldInput, RecordSet)
  /// Tokens of each record's text, indices `[batch]`.
  case lengths(FieldInput, RecordSet)
  /// 1 / length for each token of a text, `[steps · batch, 1]`.
  case tokenShares(FieldInput, RecordSet)
  /// Numbers of a written text's tokens, indices `[steps · batch]`, which address random numbers.
  case tokenNumbers(FieldInput)
  /// 1 where a real field is unknown, `[batch, 1]`.
  case unknown(FieldInput, RecordSet)
  /// The KL term's weight in the loss, `[]`.
  case klWeight
  /// Nats of each latent dimension for which the loss charges nothing, `[]`.
  case freeBits
  /// The factor of the style while generating, `[]`; 1 draws from the prior.
  case temperature
  /// The same factor for details of pictures, `[]`; 0 leaves them at their mean.
  case detailTemperature
  /// Whether every value must be present, `[]`: 1, or 0 where some may be missing as they are in the training
  /// records.
  case complete
  /// How far the condition is followed, `[]`: 0 as if it were unknown, 1 as the model does, above 1
  /// beyond that.
  case control
  /// Which of a group's sources are present, `[groups · sources, 1]`: 1, or 0 where there is none.
  case sourceMask
  /// The numbers by which each group's z is drawn, indices `[groups]`.
  case groups
  /// The share of its group's divergence that a record bears, `[groups, 1]`: one over the number of
  /// members.
  case groupShare
  /// What was done to pictures, `[batch, count]`; see ``AugmentationConfiguration/count``.
  case augmentation
  /// Style, `[batch, styleCount]`: that of z, then that of each level of details, see ``ConditionalVAE/styleCount``.
  case style
  /// A parameter of q(z | x, y) or p(z | y), `[batch, latent]`.
  case gaussian(GaussianPart)
  /// The state: what columns of a row know of those before them, `[batch, width]`.
  case state
  /// The value of the column before, as networks see it: indices `[batch]` or reals `[batch, width]`.
  case seen
  /// What the token before adds to the gates of the network that writes a text, `[batch, 4 · writer]`.
  case tokenGates
  /// What a record adds to them, `[batch, 4 · writer]`.
  case textStart
  /// What it adds before the logits, `[batch, embedding]`.
  case textShift
  /// What was read around each place of a given text, `[places · batch, 2 · reader]`.
  case memory(FieldInput)
  /// 1 where the column before has a value, `[batch, 1]`.
  case presence
}

/// Which records of a program an input belongs to.
public enum RecordSet: String, Hashable, Sendable {
  /// The records themselves.
  case own
  /// The condition as if nothing were known, for control; write "any" into all of it.
  case unknown
  /// The members of groups from which z is recognised.
  case source
}

/// A parameter of the Gaussians over z.
public enum GaussianPart: String, Hashable, Sendable {
  /// Mean of q(z | x, y).
  case mean
  /// log σ² of q(z | x, y).
  case logVariance
  /// Mean of p(z | y).
  case priorMean
  /// log σ² of p(z | y).
  case priorLogVariance
}

/// A parameter of the Gaussians over the style u of details.
public enum DetailPart: String, Hashable, Sendable {
  /// Mean of q(u | x, y).
  case mean
  /// log σ² of q(u | x, y).
  case logVariance
}

/// The outputs of a model's programs.
public enum OutputSlot: Hashable, Sendable {
  /// The loss that is minimised, `[]`.
  case loss
  /// The bound, nats, `[batch]`.
  case elbo
  /// log p(x | z, y), nats, `[batch]`.
  case logLikelihood
  /// KL(q ‖ p), nats, `[batch, latent]`.
  case kl
  /// log p(u) − log N(u; 0, I) under the flow of the prior, by which the divergence of z is less, `[batch]`.
  case flowGain
  /// The ε of styles under the flow of the prior, or the styles of ε, `[batch, latent]`.
  case flow
  /// That of a level of details, `[batch]`.
  case klOfDetails(DetailLevel)
  /// The logarithm of an importance weight, `[batch]`.
  case logWeight
  /// The part of it that details have, log p(u) − log q(u | x, y), `[batch]`.
  case logDetailRatio
  /// A generated variable's part of the log-likelihood, `[batch]`.
  case logLikelihoodOf(FieldInput)
  /// A Gaussian's squared error: its mean `[]` in training, its sum over columns `[batch]` in evaluation.
  case squaredError(FieldInput)
  /// The columns that the squared error of a masked or partial field was summed over, `[batch]`.
  case targetCount(FieldInput)
  /// What was seen of an image that is binarised, `[batch, columns]`.
  case binarized(FieldInput)
  /// A parameter of q(z | x, y) or p(z | y), `[batch, latent]`.
  case gaussian(GaussianPart)
  /// A parameter of q(u | x, y) of all levels of details, in units of their prior, `[batch, detailCount]`.
  case details(DetailPart)
  /// A generated variable as networks see it: drawn indices `[batch]`, drawn numbers `[batch, width]`, or the
  /// expected values of a picture.
  case value(FieldInput)
  /// The decoder's parameters of a column's distribution.
  case prediction
  /// The state that later columns see, `[batch, width]`.
  case state
  /// What each token adds to the gates of the network that writes a text, `[vocabulary, 4 · writer]`.
  case tokenGates
  /// What a record adds to them, `[batch, 4 · writer]`.
  case textStart(FieldInput)
  /// What it adds before the logits, `[batch, embedding]`.
  case textShift(FieldInput)
  /// What was read around each place of a given text, `[places · batch, 2 · reader]`.
  case memory(FieldInput)
}

/// A program of a model, with the ports of its inputs and outputs.
public struct ModelProgram: Sendable {
  /// The program that an executor compiles.
  public private(set) var program: Program
  private let reals: [InputKey: DeclaredInput<Float>]
  private let indices: [InputKey: DeclaredInput<Int32>]
  private let outputs: [OutputSlot: Port<Float>]
  private let indexOutputs: [OutputSlot: Port<Int32>]

  fileprivate init(_ builder: ProgramBuilder, update: ParameterUpdate?) {
    program = Program(graph: builder.graph, update: update)
    reals = builder.reals
    indices = builder.indices
    outputs = builder.outputs
    indexOutputs = builder.indexOutputs
  }

  /// The same where ranks have these shares of the batch.
  public func sharing(_ shares: [Double]) -> ModelProgram {
    var program = self
    program.program = self.program.sharing(shares)
    return program
  }

  /// Whether the program reads an input.
  public func reads(_ slot: InputSlot) -> Bool {
    let key = InputKey(slot)
    return reals[key] != nil || indices[key] != nil
  }

  /// An input of real numbers; nil if the program doesn't read it.
  public func portIfRead(_ slot: InputSlot) -> Port<Float>? { reals[InputKey(slot)]?.port }

  /// An input of indices; nil if the program doesn't read it.
  public func indexPortIfRead(_ slot: InputSlot) -> Port<Int32>? { indices[InputKey(slot)]?.port }

  /// Whether the program has an output.
  public func gives(_ slot: OutputSlot) -> Bool {
    outputs[slot] != nil || indexOutputs[slot] != nil
  }

  /// An input of real numbers; the program must read it.
  public func port(_ slot: InputSlot) -> Port<Float> {
    required(portIfRead(slot), "input", slot)
  }

  /// An input of indices; the program must read it.
  public func indexPort(_ slot: InputSlot) -> Port<Int32> {
    required(indexPortIfRead(slot), "index input", slot)
  }

  /// An output of real numbers; the program must have it.
  public func port(_ slot: OutputSlot) -> Port<Float> {
    required(outputs[slot], "output", slot)
  }

  /// An output of indices; the program must have it.
  public func indexPort(_ slot: OutputSlot) -> Port<Int32> {
    required(indexOutputs[slot], "index output", slot)
  }

  private func required<Element: PortElement>(
    _ port: Port<Element>?, _ role: String, _ slot: some Hashable
  ) -> Port<Element> {
    guard let port else { preconditionFailure("The program has no \(role) \(slot).") }
    return port
  }

  /// All inputs of real numbers, in no order.
  package var realInputs: [DeclaredInput<Float>] { Array(reals.values) }
  /// All inputs of indices, in no order.
  package var indexInputs: [DeclaredInput<Int32>] { Array(indices.values) }
  /// All outputs of real numbers.
  package var realOutputs: [OutputSlot: Port<Float>] { outputs }
  /// All outputs of indices.
  package var allIndexOutputs: [OutputSlot: Port<Int32>] { indexOutputs }
}

/// An input that a program has declared.
package struct DeclaredInput<Element: PortElement>: Sendable {
  /// What it is for.
  package let slot: InputSlot
  /// Where the caller writes it.
  package let port: Port<Element>
}

/// What identifies an input: for a field its variable and part, whatever role it is read in.
private struct InputKey: Hashable, Sendable {
  private enum Field: Hashable, Sendable {
    case value(FieldPart, RecordSet)
    case unknown(FieldPart, RecordSet)
    case before(FieldPart, RecordSet)
    case lengths(FieldPart, RecordSet)
    case tokenShares(FieldPart, RecordSet)
    case tokenNumbers(FieldPart)
    case memory(FieldPart)
    case none(InputSlot)
  }

  private let field: Field

  init(_ slot: InputSlot) {
    switch slot {
    case .field(let input, let set): field = .value(input.identity, set)
    case .unknown(let input, let set): field = .unknown(input.identity, set)
    case .before(let input, let set): field = .before(input.identity, set)
    case .lengths(let input, let set): field = .lengths(input.identity, set)
    case .tokenShares(let input, let set): field = .tokenShares(input.identity, set)
    case .tokenNumbers(let input): field = .tokenNumbers(input.identity)
    case .memory(let input): field = .memory(input.identity)
    default: field = .none(slot)
    }
  }
}

/// A graph that is being built, with the ports that it has handed out.
struct ProgramBuilder {
  var graph = Graph()
  fileprivate var reals: [InputKey: DeclaredInput<Float>] = [:]
  fileprivate var indices: [InputKey: DeclaredInput<Int32>] = [:]
  fileprivate var outputs: [OutputSlot: Port<Float>] = [:]
  fileprivate var indexOutputs: [OutputSlot: Port<Int32>] = [:]

  /// Real numbers that the caller writes; the same node for the same slot.
  mutating func input(_ slot: InputSlot, _ shape: Shape) -> Node {
    let key = InputKey(slot)
    if let known = reals[key] { return known.port.node }
    let input = DeclaredInput<Float>(slot: slot, port: graph.input(shape))
    reals[key] = input
    return input.port.node
  }

  /// Indices that the caller writes; the same node for the same slot.
  mutating func indexInput(_ slot: InputSlot, _ shape: Shape) -> Node {
    let key = InputKey(slot)
    if let known = indices[key] { return known.port.node }
    let input = DeclaredInput<Int32>(slot: slot, port: graph.indexInput(shape))
    indices[key] = input
    return input.port.node
  }

  /// Declares that the caller reads a node of either type.
  mutating func output(_ slot: OutputSlot, _ node: Node) {
    switch graph[node].elementType {
    case .real: outputs[slot] = graph.output(node)
    case .index: indexOutputs[slot] = graph.indexOutput(node)
    }
  }

  /// The finished program, to which nothing more can be added.
  func program(update: ParameterUpdate? = nil) -> ModelProgram {
    ModelProgram(self, update: update)
  }
}

/// A model's program, ready to run.
public struct CompiledModel {
  /// The program and its ports.
  public let model: ModelProgram
  /// What runs it.
  public let compiled: any CompiledProgram

  /// Writes a real input, row-major.
  public func withInput<Result>(
    _ slot: InputSlot, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result { try compiled.withInput(model.port(slot), body) }

  /// Writes an index input.
  public func withIndexInput<Result>(
    _ slot: InputSlot, _ body: (UnsafeMutableBufferPointer<Int32>) throws -> Result
  ) rethrows -> Result { try compiled.withInput(model.indexPort(slot), body) }

  /// Writes an input of one number.
  public func set(_ slot: InputSlot, _ value: Float) { compiled.set(model.port(slot), value) }

  /// Reads a result of the last run, row-major.
  public func withOutput<Result>(
    _ slot: OutputSlot, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result { try compiled.withOutput(model.port(slot), body) }

  /// Reads indices of the last run.
  public func withIndexOutput<Result>(
    _ slot: OutputSlot, _ body: (UnsafeBufferPointer<Int32>) throws -> Result
  ) rethrows -> Result { try compiled.withOutput(model.indexPort(slot), body) }

  /// A copy of a result of the last run.
  public func output(_ slot: OutputSlot) -> [Float] { compiled.output(model.port(slot)) }

  /// Runs once; see ``CompiledProgram``.
  @discardableResult
  public func run(
    at position: RandomPosition, learningRate: Double? = nil
  ) throws -> UpdateOutcome? { try compiled.run(at: position, learningRate: learningRate) }
}

extension ExecutionSession {
  /// Prepares a model's program.
  public func compile(_ program: ModelProgram) throws -> CompiledModel {
    CompiledModel(model: program, compiled: try compile(program.program))
  }
}
