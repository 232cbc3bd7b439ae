import TensorGraph

extension Lowering {
  /// Gradients that an instruction made, and the buckets that they complete.
  func lowerSharing(_ sharing: GradientSharing, after index: Int) throws {
    for gradient in sharing.gradients(madeBy: index) {
      let storage = session.storage(gradient.parameter.name)
      let value = try sharedGradient(gradient.node, storage)
      let isRowMajor = rowMajorGradients.contains(gradient.parameter.name)
      share(
        value, of: gradient.node,
        bytes: (isRowMajor ? storage.parameter.shape.count : storage.layout.paddedCount) * 4,
        parameter: gradient.parameter.name)
    }
    for bucket in sharing.buckets(closedBy: index) {
      emit { [session] in
        let shared = try session.sharedUpdate()
        return Command { try shared.start(bucket) }
      }
    }
  }

  /// A gradient in the order that all ranks and programs of the session have it in.
  ///
  /// Each rank updates a part of a parameter. It finds its gradient's part in panels if it sees all ranks' whole gradients;
  /// what is sent must lie as the parameter does.
  private func sharedGradient(_ node: Node, _ storage: ParameterStorage) throws -> Value {
    let target = try target(node, storage)
    let name = storage.parameter.name
    let isRowMajor = target.panels != nil
    let isWanted = session.rowMajor.map { $0.contains(name) } ?? (isRowMajor && seesAllRanks)
    if isWanted { rowMajorGradients.insert(name) }
    if isRowMajor == isWanted { return target.gradient }
    touch(target.gradient)
    let plain = try ParameterStorage.plainLayout(storage.parameter)
    return try copied(
      target.gradient, from: isRowMajor ? plain : storage.layout,
      to: isWanted ? plain : storage.layout)
  }

  /// The rest of the buckets, and the update.
  func lowerSharedUpdate(_ sharing: GradientSharing) throws {
    try lowerSharing(sharing, after: GradientSharing.end)
    let loss = try value(of: sharing.update.loss, as: .float32)
    emit { [session, state, program] in
      let shared = try session.sharedUpdate()
      let shares = program.shares
      return Command {
        try shared.finish(loss: loss.floats[0], shares, sharing.update, state)
      }
    }
  }

  /// Each rank's numbers, summed in the order of the ranks.
  func lowerAcrossRanks(_ node: Node, _ operands: [Node], _ statistic: RankStatistic) throws {
    guard let communicator = session.communicator, program.shares.count > 1 else {
      return alias(node, to: try value(of: operands[0], naturalArrangement(of: node)))
    }
    let value = try self.value(of: operands[0], as: .float32)
    let result = define(node, as: .float32)
    let count = graph.shape(of: node).count
    // A rank of which no record counts has a share of 0.
    let weights = program.shares.map { share in
      statistic == .mean ? Float(share) : share > 0 ? 1 : 0
    }
    emit {
      let gathering = try Gathering(communicator, size: count * 4)
      return Command {
        gathering.own.copyMemory(
          from: UnsafeRawBufferPointer(start: value.pointer, count: count * 4))
        try gathering.run()
        let sums = result.floats
        sums.update(repeating: 0, count: count)
        for (rank, weight) in weights.enumerated() where weight > 0 {
          let numbers = gathering.block(of: rank).bindMemory(to: Float.self)
          for index in 0..<count { sums[index] += weight * numbers[index] }
        }
      }
    }
  }
}
