/// Works out which nodes an instruction covers.
struct Fusion {
  private let graph: Graph
  private let roots: Set<Node>
  private var isLive: [Bool]
  private var consumers: [[Node]]
  /// The instruction that makes a node, by the position of its last result.
  private var replaced: [Int: Plan.Instruction] = [:]
  private var absorbed: Set<Node> = []
  private var folded: Set<Node> = []

  init(graph: Graph, roots: [Node]) {
    self.graph = graph
    self.roots = Set(roots)
    var live = [Bool](repeating: false, count: graph.entries.count)
    for root in roots { live[root.position] = true }
    var consumers = [[Node]](repeating: [], count: graph.entries.count)
    for position in stride(from: graph.entries.count - 1, through: 0, by: -1) where live[position] {
      for operand in graph.entries[position].operands {
        live[operand.position] = true
        consumers[operand.position].append(Node(position: position))
      }
    }
    isLive = live
    self.consumers = consumers
  }

  private var liveNodes: [Node] {
    graph.nodes.filter { isLive[$0.position] }
  }

  private func soleConsumer(of node: Node) -> Node? {
    let users = consumers[node.position]
    return users.count == 1 && !roots.contains(node) ? users[0] : nil
  }

  private func isParameter(_ node: Node) -> Bool {
    if case .parameter = graph[node].operation { true } else { false }
  }

  /// The list, one number for each column, that a broadcast stretches over all rows.
  private func bias(_ node: Node) -> Node? {
    guard case .broadcast = graph[node].operation else { return nil }
    let source = graph[node].operands[0]
    return graph.shape(of: source) == [graph.shape(of: node).columns] ? source : nil
  }

  /// Larger products choose first which nodes they absorb.
  mutating func fuseLayers() {
    let products = liveNodes.filter { node in
      switch graph[node].operation {
      case .matmul(false, false), .convolution: isParameter(graph[node].operands[1])
      default: false
      }
    }
    let bySize = products.sorted { left, right in
      let sizes = [left, right].map { graph.shape(of: graph[$0].operands[1]).count }
      return sizes[0] != sizes[1] ? sizes[0] > sizes[1] : left.position < right.position
    }
    for product in bySize where !absorbed.contains(product) { fuseLayer(product) }
  }

  private mutating func fuseLayer(_ product: Node) {
    var last = product
    var biasNode: Node?
    var addend: Node?
    var activation: UnaryFunction?
    var covered: [Node] = []
    scan: while let next = soleConsumer(of: last), activation == nil, isFree(next) {
      switch graph[next].operation {
      case .binary(.add):
        let other = graph[next].operands[graph[next].operands[0] == last ? 1 : 0]
        if other == last { break scan }
        if biasNode == nil, let found = bias(other) {
          biasNode = found
        } else if addend == nil, mayJoin(other, product) {
          addend = other
        } else {
          break scan
        }
      case .unary(let function) where function.isActivation:
        activation = function
      default: break scan
      }
      covered.append(last)
      last = next
    }
    let operands = graph[product].operands + [biasNode, addend].compactMap { $0 }
    absorbed.formUnion(covered)
    let (hasBias, hasAddend) = (biasNode != nil, addend != nil)
    let kernel: Plan.Kernel =
      if case .convolution(let window) = graph[product].operation {
        .convolution(window, bias: hasBias, addend: hasAddend, activation: activation)
      } else {
        .dense(bias: hasBias, addend: hasAddend, activation: activation)
      }
    replaced[last.position] = Plan.Instruction(kernel: kernel, operands: operands, results: [last])
  }

  /// Whether a product can add a node to its result: a dense layer adds to the node's own buffer, so nothing
  /// else may read it; a convolution reads it where it is, such as the operand of a shortcut.
  private func mayJoin(_ other: Node, _ product: Node) -> Bool {
    if isBroadcast(other) || isSource(other) { return false }
    if case .convolution = graph[product].operation { return true }
    return !roots.contains(other) && soleConsumer(of: other) != nil
  }

  /// Whether no instruction covers the node yet.
  private func isFree(_ node: Node) -> Bool {
    !absorbed.contains(node) && replaced[node.position] == nil
  }

  private func isBroadcast(_ node: Node) -> Bool {
    if case .broadcast = graph[node].operation { true } else { false }
  }

  private func isSource(_ node: Node) -> Bool { graph[node].operands.isEmpty }

  /// A weight's gradient and the column sums of the same upstream are computed by one primitive.
  mutating func fuseBiasGradients() {
    for sum in liveNodes {
      guard case .sum(let axes) = graph[sum].operation else { continue }
      let upstream = graph[sum].operands[0]
      let rank = graph.shape(of: upstream).rank
      guard rank == 2 || rank == 4, axes == Array(0..<rank - 1) else { continue }
      let product = consumers[upstream.position].first { candidate in
        weightGradientKernel(candidate) != nil && graph[candidate].operands[1] == upstream
          && replaced[candidate.position] == nil && !absorbed.contains(candidate)
      }
      guard let product, let kernel = weightGradientKernel(product) else { continue }
      let early = product.position < sum.position ? product : sum
      let late = product.position < sum.position ? sum : product
      // The instruction stands where the later one stood, so nothing may read the earlier before.
      guard consumers[early.position].allSatisfy({ $0.position > late.position }) else { continue }
      absorbed.insert(early)
      replaced[late.position] = Plan.Instruction(
        kernel: kernel, operands: graph[product].operands, results: [product, sum])
    }
  }

  /// A recurrence writes its trace in the same pass.
  mutating func fuseTraces() {
    for trace in liveNodes {
      guard case .lstmTrace(let isReversed) = graph[trace].operation else { continue }
      let operands = graph[trace].operands
      let recurrence = consumers[operands[0].position].first { candidate in
        graph[candidate].operation == .lstm(isReversed: isReversed)
          && graph[candidate].operands == operands && isFree(candidate)
      }
      guard let recurrence, recurrence.position < trace.position else { continue }
      absorbed.insert(trace)
      replaced[recurrence.position] = Plan.Instruction(
        kernel: .lstmAndTrace(isReversed: isReversed), operands: operands,
        results: [recurrence, trace])
    }
  }

  /// The instruction that computes a weight's gradient together with its bias's; nil for other nodes.
  private func weightGradientKernel(_ node: Node) -> Plan.Kernel? {
    switch graph[node].operation {
    case .matmul(true, false): .weightAndBiasGradient
    case .convolutionWeightGradient(let window, _, _): .convolutionWeightAndBiasGradient(window)
    default: nil
    }
  }

  /// Folds broadcasts that only elementwise operations read, in a pattern that their loops can follow.
  mutating func foldBroadcasts() {
    for node in liveNodes where isBroadcast(node) && !roots.contains(node) {
      let source = graph[node].operands[0]
      let pattern = BroadcastPattern(from: graph.shape(of: source), to: graph.shape(of: node))
      let readers = consumers[node.position].filter { !absorbedBias(node, in: $0) }
      let foldable = readers.allSatisfy { reader in
        if case .binary = graph[reader].operation { true } else { false }
      }
      if pattern != nil, foldable { folded.insert(node) }
    }
  }

  private func absorbedBias(_ broadcast: Node, in reader: Node) -> Bool {
    bias(broadcast) != nil && absorbed.contains(reader)
  }

  func instructions() -> [Plan.Instruction] {
    var result: [Plan.Instruction] = []
    for node in liveNodes {
      if let instruction = replaced[node.position] {
        result.append(instruction)
        continue
      }
      if absorbed.contains(node) || folded.contains(node) || isSource(node) { continue }
      let entry = graph[node]
      let operands = entry.operands.map { folded.contains($0) ? graph[$0].operands[0] : $0 }
      result.append(
        Plan.Instruction(kernel: .operation(entry.operation), operands: operands, results: [node]))
    }
    return scheduled(result)
  }

  /// Cheap instructions move up to where their operands were just made and lie in the caches;
  /// products, and what reads sources alone, keep their order.
  private func scheduled(_ instructions: [Plan.Instruction]) -> [Plan.Instruction] {
    // For each instruction, how many of its operands are still to be made; for each node, what reads it.
    var unmade = [Int](repeating: 0, count: instructions.count)
    var readers = [[Int]](repeating: [], count: graph.entries.count)
    for (index, instruction) in instructions.enumerated() {
      for operand in instruction.operands where !isSource(operand) {
        unmade[index] += 1
        readers[operand.position].append(index)
      }
    }
    var (cheap, others) = (IndexHeap(), IndexHeap())
    for index in instructions.indices where unmade[index] == 0 { others.insert(index) }
    var result: [Plan.Instruction] = []
    result.reserveCapacity(instructions.count)
    while let next = cheap.popFirst() ?? others.popFirst() {
      result.append(instructions[next])
      for reader in instructions[next].results.flatMap({ readers[$0.position] }) {
        unmade[reader] -= 1
        guard unmade[reader] == 0 else { continue }
        if instructions[reader].kernel.isProduct {
          others.insert(reader)
        } else {
          cheap.insert(reader)
        }
      }
    }
    precondition(result.count == instructions.count, "An instruction's operands are never made.")
    return result
  }
}
