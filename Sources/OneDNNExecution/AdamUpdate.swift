internal import CFusedLoops
import TensorGraph

/// One step of the optimiser, from the loss to the last parameter.
struct AdamUpdate {
  /// Nil before the loss is known.
  private(set) var outcome: UpdateOutcome?
  /// Whether parameters may change.
  private(set) var isOpen = false
  private var settings = cvae_adam_rule()
  /// Gradients are scaled down to this norm.
  private(set) var clipNorm: Double?

  /// Refuses a loss that isn't finite; else counts the update and works out its settings.
  mutating func begin(
    loss: Float, rule update: ParameterUpdate, _ session: OneDNNSession, _ learningRate: Double
  ) {
    isOpen = loss.isFinite
    outcome = isOpen ? .applied : .refused
    guard isOpen else { return }
    let rule = update.rule
    let count = session.updateCount + 1
    clipNorm = update.clipNorm
    settings = cvae_adam_rule(
      learning_rate: Float(learningRate), beta1: Float(rule.beta1), beta2: Float(rule.beta2),
      epsilon: Float(rule.epsilon), correction1: Self.correction(rule.beta1, count),
      correction2: Self.correction(rule.beta2, count), weight_decay: Float(rule.weightDecay),
      decoupled: rule.decoupled, gradient_scale: 1)
    session.updateCount = count
  }

  /// The settings under which parameters may change; nil where none may.
  ///
  /// - Parameter norm: The gradients' global norm; of no use without a norm to clip to.
  mutating func rule(norm: Double?, _ session: OneDNNSession) -> cvae_adam_rule? {
    guard isOpen else { return nil }
    guard let clipNorm, let norm else { return settings }
    guard norm.isFinite else {
      refuse(session)
      return nil
    }
    session.gradientNorm = norm
    if let largest = session.largestNorm, norm > largest {
      refuse(session, as: .outlier)
      return nil
    }
    var settings = settings
    if norm > clipNorm { settings.gradient_scale = Float(clipNorm / norm) }
    return settings
  }

  /// Undoes the beginning of an update, before any parameter has changed.
  private mutating func refuse(
    _ session: OneDNNSession, as outcome: UpdateOutcome = .refused
  ) {
    self.outcome = outcome
    session.updateCount -= 1
  }

  /// Some elements kept their values.
  mutating func noteTrouble() { outcome = .refused }

  /// 1 / (1 − βᵗ), in Double.
  private static func correction(_ beta: Double, _ count: Int) -> Float {
    var power = 1.0
    var base = beta
    var exponent = count
    while exponent > 0 {
      if exponent & 1 == 1 { power *= base }
      base *= base
      exponent >>= 1
    }
    return Float(1 / (1 - power))
  }
}

/// Parameters that change together, as the loop over them wants to see them.
final class UpdateTensors {
  private let storages: [ParameterStorage]
  private let tensors: UnsafeMutablePointer<cvae_adam_tensor>

  init(_ targets: [UpdateTarget]) {
    storages = targets.map(\.storage)
    tensors = .allocate(capacity: targets.count)
    for (index, target) in targets.enumerated() {
      (tensors + index).initialize(to: Self.tensor(target))
    }
  }

  deinit { tensors.deallocate() }

  private static func tensor(_ target: UpdateTarget) -> cvae_adam_tensor {
    let storage = target.storage
    let moments = storage.prepareMoments()
    let narrow = storage.narrowForm
    var interleave = 0
    if case .interleaved(let width) = narrow?.order { interleave = width }
    return cvae_adam_tensor(
      weights: storage.values.pointer.assumingMemoryBound(to: Float.self),
      gradient: target.gradient.floats, gradients: nil,
      first: moments.first.pointer.assumingMemoryBound(to: Float.self),
      second: moments.second.pointer.assumingMemoryBound(to: Float.self),
      copy: narrow?.memory?.pointer.assumingMemoryBound(to: UInt16.self),
      interleave: interleave, from: 0, count: storage.layout.paddedCount,
      panels: target.panels ?? cvae_panels())
  }

  func apply(_ state: RunState, _ session: OneDNNSession) {
    let threads = Int32(session.threads)
    let norm =
      state.update.isOpen && state.update.clipNorm != nil
      ? cvae_gradient_square(tensors, storages.count, cvae_shares(), threads).squareRoot() : nil
    guard let settings = state.update.rule(norm: norm, session) else { return }
    if !cvae_adam(tensors, storages.count, settings, cvae_shares(), threads) {
      state.update.noteTrouble()
    }
    for storage in storages {
      storage.version += 1
      storage.narrowForm?.version = storage.version
    }
  }
}
