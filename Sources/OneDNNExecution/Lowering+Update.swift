internal import CFusedLoops
internal import COneDNN
import TensorGraph

/// A parameter with its gradient, in the layout of its values, or row-major where those lie in panels.
struct UpdateTarget {
  let storage: ParameterStorage
  let gradient: Value
  let panels: cvae_panels?
}

/// When parameters change: large ones as soon as their gradient is known and nothing reads them any
/// more, while both lie in the caches; small ones together at the end. With clipping, all at the
/// end, since the norm needs every gradient.
struct UpdateSchedule {
  /// Parameters below this many elements wait for the end.
  private static let smallest = 32768

  let rule: ParameterUpdate
  /// Gradients to apply after the instruction of that index.
  private var early: [Int: [ParameterUpdate.Gradient]] = [:]
  /// Gradients that wait for the end.
  private(set) var late: [ParameterUpdate.Gradient] = []
  /// The instruction after which the loss is known.
  let lossIndex: Int

  init(_ update: ParameterUpdate, _ plan: Plan, _ graph: Graph) {
    rule = update
    var maker: [Node: Int] = [:]
    var lastReader: [String: Int] = [:]
    for (index, instruction) in plan.instructions.enumerated() {
      for result in instruction.results { maker[result] = index }
      for operand in instruction.operands {
        if case .parameter(let name) = graph[operand].operation { lastReader[name] = index }
      }
    }
    let lossIndex = maker[update.loss] ?? .max
    self.lossIndex = lossIndex
    let outputs = Dictionary(grouping: update.gradients, by: \.node)
    for gradient in update.gradients {
      let index = max(maker[gradient.node] ?? .max, lastReader[gradient.parameter.name] ?? 0)
      let isEarly =
        update.clipNorm == nil && index != .max && index > lossIndex
        && gradient.parameter.shape.count >= Self.smallest
        && outputs[gradient.node]?.count == 1
      if isEarly {
        early[index, default: []].append(gradient)
      } else {
        late.append(gradient)
      }
    }
  }

  /// Gradients to apply after an instruction.
  func gradients(after index: Int) -> [ParameterUpdate.Gradient] { early[index] ?? [] }
}

extension Lowering {
  /// The large parameters that can be updated now.
  func lowerEarlyUpdates(_ updates: UpdateSchedule, after index: Int) throws {
    if index == updates.lossIndex { try lowerUpdateStart(updates.rule) }
    for gradient in updates.gradients(after: index) { try lowerUpdate([gradient]) }
  }

  /// All parameters that are left.
  func lowerLateUpdates(_ updates: UpdateSchedule) throws {
    if updates.lossIndex == .max { try lowerUpdateStart(updates.rule) }
    try lowerUpdate(updates.late)
  }

  /// Decides by the loss whether anything changes.
  private func lowerUpdateStart(_ rule: ParameterUpdate) throws {
    emitUpdateStart(rule, try value(of: rule.loss, as: .float32))
  }

  private func emitUpdateStart(_ rule: ParameterUpdate, _ loss: Value) {
    emit { [session, state] in
      Command { state.update.begin(loss: loss.floats[0], rule: rule, session, state.learningRate) }
    }
  }

  private func lowerUpdate(_ gradients: [ParameterUpdate.Gradient]) throws {
    emitUpdate(
      try gradients.map { try target($0.node, session.storage($0.parameter.name)) })
  }

  private func emitUpdate(_ targets: [UpdateTarget]) {
    if targets.isEmpty { return }
    emit { [session, state] in
      let tensors = UpdateTensors(targets)
      return Command { tensors.apply(state, session) }
    }
  }

  /// A gradient as the optimiser can read it beside its parameter's values.
  func target(_ node: Node, _ storage: ParameterStorage) throws -> UpdateTarget {
    guard let (value, layout) = productValue(of: node) else {
      let value = try value(of: node, as: .float32)
      let plain = try ParameterStorage.plainLayout(storage.parameter)
      try storage.adopt(gradientHomes[node] ?? plain)
      if storage.layout == plain {
        return UpdateTarget(storage: storage, gradient: value, panels: nil)
      }
      if let panels = storage.layout.panels(of: storage.parameter.shape) {
        return UpdateTarget(storage: storage, gradient: value, panels: panels)
      }
      return try relaid(value, plain, storage)
    }
    try storage.adopt(layout)
    touch(value)
    if storage.layout == layout {
      return UpdateTarget(storage: storage, gradient: value, panels: nil)
    }
    return try relaid(value, layout, storage)
  }

  func relaid(
    _ value: Value, _ layout: Layout, _ storage: ParameterStorage
  ) throws -> UpdateTarget {
    touch(value)
    let result = try copied(value, from: layout, to: storage.layout)
    return UpdateTarget(storage: storage, gradient: result, panels: nil)
  }
}
