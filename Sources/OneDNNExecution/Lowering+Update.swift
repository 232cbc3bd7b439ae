internal import CFusedLoops
internal import COneDNN
import TensorGraph

extension Lowering {
  /// The optimiser: one pass over all parameters, unless the loss or the gradient is not finite.
  func lower(_ update: ParameterUpdate) throws {
    let loss = try value(of: update.loss, as: .float32)
    var targets: [(storage: ParameterStorage, gradient: Value)] = []
    for gradient in update.gradients {
      let storage = session.storage(gradient.parameter.name)
      targets.append((storage, try gradientValue(gradient.node, storage)))
    }
    let (session, state) = (session, state)
    emit {
      let optimizer = AdamUpdate(targets, rule: update.rule, clipNorm: update.clipNorm, session)
      return Command {
        state.outcome = optimizer.run(loss: loss.floats[0], learningRate: state.learningRate)
      }
    }
  }

  /// A gradient in the layout of its parameter's values.
  private func gradientValue(_ node: Node, _ storage: ParameterStorage) throws -> Value {
    guard graph.shape(of: node).rank == 2,
      let (value, layout) = productValue(of: node)
    else {
      let value = try value(of: node, as: .float32)
      let plain = try ParameterStorage.plainLayout(storage.parameter)
      try storage.adopt(plain)
      if storage.layout == plain { return value }
      return try relaid(value, plain, storage)
    }
    try storage.adopt(layout)
    touch(value)
    if storage.layout == layout { return value }
    return try relaid(value, layout, storage)
  }

  private func relaid(
    _ value: Value, _ layout: Layout, _ storage: ParameterStorage
  ) throws -> Value {
    let target = storage.layout
    touch(value)
    let result = Value(
      place: .slot(makeSlot(bytes: target.bytes)), type: .float32, layout: target)
    try emitReorder(value, layout, result, target)
    return result
  }
}

/// Adam over parameters and gradients that share their layouts.
final class AdamUpdate {
  private let tensors: UnsafeMutablePointer<cvae_adam_tensor>
  private let storages: [ParameterStorage]
  /// The first tensors, small ones: the biases and their like.
  private let probeCount: Int
  private let rule: AdamRule
  private let clipNorm: Double?
  private unowned let session: OneDNNSession

  init(
    _ targets: [(storage: ParameterStorage, gradient: Value)], rule: AdamRule, clipNorm: Double?,
    _ session: OneDNNSession
  ) {
    self.rule = rule
    self.clipNorm = clipNorm
    self.session = session
    let targets = targets.sorted { $0.storage.layout.paddedCount < $1.storage.layout.paddedCount }
    storages = targets.map(\.storage)
    let small = storages.count { $0.layout.paddedCount <= Self.probeSize }
    probeCount = small > 0 && clipNorm == nil ? small : storages.count
    tensors = .allocate(capacity: targets.count)
    for (index, target) in targets.enumerated() {
      (tensors + index).initialize(to: Self.tensor(target.storage, target.gradient))
    }
  }

  deinit { tensors.deallocate() }

  private static let probeSize = 4096

  private static func tensor(_ storage: ParameterStorage, _ gradient: Value) -> cvae_adam_tensor {
    let moments = storage.prepareMoments()
    let narrow = storage.narrowForm
    var interleave = 0
    if case .interleaved(let width) = narrow?.order { interleave = width }
    return cvae_adam_tensor(
      weights: storage.values.pointer.assumingMemoryBound(to: Float.self),
      gradient: gradient.floats,
      first: moments.first.pointer.assumingMemoryBound(to: Float.self),
      second: moments.second.pointer.assumingMemoryBound(to: Float.self),
      copy: narrow?.memory?.pointer.assumingMemoryBound(to: UInt16.self),
      interleave: interleave, count: storage.layout.paddedCount)
  }

  /// Without clipping, the norm is that of the small gradients alone, which saves a pass over all: a
  /// bias's gradient sums its layer's upstream, so that whatever isn't finite there shows in it.
  func run(loss: Float, learningRate: Double) -> UpdateOutcome {
    let threads = Int32(session.threads)
    let square = cvae_gradient_square(tensors, probeCount, threads)
    guard loss.isFinite, square.isFinite else { return .refused }
    session.updateCount += 1
    let norm = square.squareRoot()
    var scale = 1.0
    if let clipNorm, norm > clipNorm { scale = clipNorm / norm }
    let settings = cvae_adam_rule(
      learning_rate: Float(learningRate), beta1: Float(rule.beta1), beta2: Float(rule.beta2),
      epsilon: Float(rule.epsilon), correction1: correction(rule.beta1),
      correction2: correction(rule.beta2), weight_decay: Float(rule.weightDecay),
      decoupled: rule.decoupled, gradient_scale: Float(scale))
    cvae_adam(tensors, storages.count, settings, threads)
    for storage in storages {
      storage.version += 1
      storage.narrowForm?.version = storage.version
    }
    return .applied
  }

  /// 1 / (1 − βᵗ), in Double.
  private func correction(_ beta: Double) -> Float {
    var power = 1.0
    var base = beta
    var exponent = session.updateCount
    while exponent > 0 {
      if exponent & 1 == 1 { power *= base }
      base *= base
      exponent >>= 1
    }
    return Float(1 / (1 - power))
  }
}
