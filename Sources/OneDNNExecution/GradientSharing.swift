import TensorGraph

/// When several ranks share gradients: in buckets, each as soon as its gradients are known, while later ones are still
/// being computed.
struct GradientSharing {
  /// A bucket closes with this many bytes: enough that what a message costs beside its bytes doesn't count.
  private static let bucketBytes = 1 << 20

  let update: ParameterUpdate
  /// The names of each bucket's parameters, in the order in which their gradients lie.
  let buckets: [[String]]
  /// Gradients by the instruction that makes them; those of none are known from the start.
  private var made: [Int: [ParameterUpdate.Gradient]] = [:]
  /// The numbers of the buckets whose last gradient an instruction makes.
  private var closed: [Int: [Int]] = [:]

  /// What no instruction makes counts as made at the end.
  static let end = Int.max

  /// - Parameter known: The buckets of the session's first program, which all others keep to; nil for that program.
  init(_ update: ParameterUpdate, _ plan: Plan, _ known: [[String]]?) {
    self.update = update
    var maker: [Node: Int] = [:]
    for (index, instruction) in plan.instructions.enumerated() {
      for result in instruction.results { maker[result] = index }
    }
    var ready: [String: Int] = [:]
    for gradient in update.gradients {
      let index = maker[gradient.node] ?? Self.end
      made[index, default: []].append(gradient)
      ready[gradient.parameter.name] = index
    }
    buckets = known ?? Self.buckets(update.gradients, ready)
    for (number, names) in buckets.enumerated() {
      closed[names.map { ready[$0] ?? Self.end }.max() ?? Self.end, default: []].append(number)
    }
  }

  private static func buckets(
    _ gradients: [ParameterUpdate.Gradient], _ ready: [String: Int]
  ) -> [[String]] {
    let order = gradients.enumerated().sorted { left, right in
      let (one, other) = (
        ready[left.element.parameter.name] ?? end, ready[right.element.parameter.name] ?? end
      )
      return (one, left.offset) < (other, right.offset)
    }
    var buckets: [[String]] = [[]]
    var bytes = 0
    for (_, gradient) in order {
      if bytes >= bucketBytes {
        buckets.append([])
        bytes = 0
      }
      buckets[buckets.count - 1].append(gradient.parameter.name)
      bytes += gradient.parameter.shape.count * 4
    }
    return buckets
  }

  /// The gradients that an instruction makes.
  func gradients(madeBy index: Int) -> [ParameterUpdate.Gradient] { made[index] ?? [] }

  /// The buckets whose last gradient an instruction makes.
  func buckets(closedBy index: Int) -> [Int] { closed[index] ?? [] }
}
