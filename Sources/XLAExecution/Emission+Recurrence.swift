import TensorGraph

/// Which recurrence: an `lstm` and its trace with the same operands are one.
struct RecurrenceKey: Hashable {
  let operands: [Node]
  let isReversed: Bool
}

/// What the loop over steps leaves: outputs and cells `[steps, batch, hidden]`, gates `[steps, batch, 4 · hidden]`.
struct RecurrenceStates {
  let outputs: HLOValue
  let cells: HLOValue
  let gates: HLOValue
}

/// Long short-term memories as loops, whatever the number of steps.
extension Emission {
  mutating func lstm(_ node: Node, isReversed: Bool) -> HLOValue {
    let outputs = states(graph[node].operands, isReversed).outputs
    return builder.reshape(outputs, graph.shape(of: node).dimensions)
  }

  mutating func lstmTrace(_ node: Node, isReversed: Bool) -> HLOValue {
    let states = states(graph[node].operands, isReversed)
    let shape = graph.shape(of: node)
    let rows = shape.rows / 5
    return builder.concatenate(
      [
        builder.reshape(states.cells, [rows, shape.columns]),
        builder.reshape(states.gates, [4 * rows, shape.columns]),
      ], axis: 0)
  }

  private mutating func states(_ operands: [Node], _ isReversed: Bool) -> RecurrenceStates {
    let key = RecurrenceKey(operands: operands, isReversed: isReversed)
    if let known = recurrences[key] { return known }
    let x = operands.map { self[$0] }
    let (batch, hidden) = (x[3].extents[0], x[2].extents[0])
    let steps = x[0].extents[0] / batch
    let shared = builder.broadcast(x[1], to: [batch, 4 * hidden], axes: [0, 1])
    let loop = Loop(steps: steps, isReversed: isReversed)
    let gates = builder.reshape(x[0], [steps, batch, 4 * hidden])
    let weight = narrowed(x[2])
    let zeros = builder.number(0, [batch, hidden])
    let all = builder.number(0, [steps, batch, hidden])
    let precision = precision
    let results = builder.loop(
      steps, [zeros, zeros, all, all, builder.number(0, [steps, batch, 4 * hidden])]
    ) { builder, count, state in
      let step = loop.step(&builder, count)
      let isActive = builder.isActive(step, x[3], [batch, hidden])
      let output =
        precision == .bfloat16 ? builder.convert(state[0], to: .bf16) : state[0]
      let carried = builder.dot(output, weight, contracting: (1, 0))
      let sums = builder.add(builder.add(builder.at(gates, step), shared), carried)
      let parts = (0..<4).map { place -> HLOValue in
        let part = builder.slice(sums, axis: 1, place * hidden..<(place + 1) * hidden)
        return place == 2 ? builder.map("tanh", part) : builder.logistic(part)
      }
      let cell = builder.add(
        builder.multiply(parts[1], state[1]), builder.multiply(parts[0], parts[2]))
      let newOutput = builder.multiply(parts[3], builder.map("tanh", cell))
      let keptCell = builder.select(isActive, cell, state[1])
      let keptOutput = builder.select(isActive, newOutput, state[0])
      let values = builder.concatenate(
        parts.map { builder.select(isActive, $0, zeros) }, axis: 1)
      return [
        keptOutput, keptCell, builder.setting(state[2], at: step, to: keptOutput),
        builder.setting(state[3], at: step, to: keptCell),
        builder.setting(state[4], at: step, to: values),
      ]
    }
    let states = RecurrenceStates(outputs: results[2], cells: results[3], gates: results[4])
    recurrences[key] = states
    return states
  }

  mutating func lstmGradient(
    trace: HLOValue, weight: HLOValue, lengths: HLOValue, upstream: HLOValue, isReversed: Bool
  ) -> HLOValue {
    let (batch, hidden) = (lengths.extents[0], weight.extents[0])
    let steps = upstream.extents[0] / batch
    let rows = steps * batch
    let extents = [steps, batch, hidden]
    let cells = builder.reshape(builder.slice(trace, axis: 0, 0..<rows), extents)
    let gates = builder.reshape(
      builder.slice(trace, axis: 0, rows..<5 * rows), [steps, batch, 4 * hidden])
    // The cells of the step before each, in the order of the loop.
    let gap = builder.number(0, [1, batch, hidden])
    var before = builder.number(0, extents)
    if steps > 1 {
      let others = builder.slice(cells, axis: 0, isReversed ? 1..<steps : 0..<steps - 1)
      before = builder.concatenate(isReversed ? [others, gap] : [gap, others], axis: 0)
    }
    let loop = Loop(steps: steps, isReversed: !isReversed)
    let gradients = builder.reshape(upstream, extents)
    let narrowWeight = narrowed(weight)
    let zeros = builder.number(0, [batch, hidden])
    let precision = precision
    let results = builder.loop(
      steps, [zeros, zeros, builder.number(0, [steps, batch, 4 * hidden])]
    ) { builder, count, state in
      let step = loop.step(&builder, count)
      let isActive = builder.isActive(step, lengths, [batch, hidden])
      let byOutput = builder.add(state[0], builder.at(gradients, step))
      let values = builder.at(gates, step)
      let gate = (0..<4).map { builder.slice(values, axis: 1, $0 * hidden..<($0 + 1) * hidden) }
      let one = builder.number(1, [batch, hidden])
      func slope(_ builder: inout HLOBuilder, _ x: HLOValue) -> HLOValue {
        builder.multiply(x, builder.subtract(one, x))
      }
      let size = builder.map("tanh", builder.at(cells, step))
      let sizeSlope = builder.subtract(one, builder.square(size))
      let total = builder.add(
        state[1], builder.multiply(builder.multiply(byOutput, gate[3]), sizeSlope))
      let newSlope = builder.multiply(gate[0], builder.subtract(one, builder.square(gate[2])))
      let inSlope = builder.multiply(gate[2], slope(&builder, gate[0]))
      let keepSlope = builder.multiply(builder.at(before, step), slope(&builder, gate[1]))
      let outSlope = builder.multiply(size, slope(&builder, gate[3]))
      let slopes = [
        builder.multiply(total, inSlope), builder.multiply(total, keepSlope),
        builder.multiply(total, newSlope), builder.multiply(byOutput, outSlope),
      ].map { builder.select(isActive, $0, zeros) }
      let result = builder.concatenate(slopes, axis: 1)
      let read = precision == .bfloat16 ? builder.convert(result, to: .bf16) : result
      let carried = builder.dot(read, narrowWeight, contracting: (1, 1))
      return [
        builder.select(isActive, carried, byOutput),
        builder.select(isActive, builder.multiply(total, gate[1]), state[1]),
        builder.setting(state[2], at: step, to: result),
      ]
    }
    return builder.reshape(results[2], [rows, 4 * hidden])
  }
}

/// The order of a loop's steps.
private struct Loop {
  let steps: Int
  let isReversed: Bool

  /// The step of a count from 0 on.
  func step(_ builder: inout HLOBuilder, _ count: HLOValue) -> HLOValue {
    isReversed ? builder.subtract(builder.whole(steps - 1), count) : count
  }
}

extension HLOBuilder {
  /// Repeats `body` for counts 0 ..< `steps`; it gives the next state.
  fileprivate mutating func loop(
    _ steps: Int, _ first: [HLOValue],
    _ body: (inout HLOBuilder, HLOValue, [HLOValue]) -> [HLOValue]
  ) -> [HLOValue] {
    let bound = whole(steps)
    let starts = [whole(0)] + first
    let state = starts.map {
      HLOValue(name: newName(), extents: $0.extents, type: $0.type)
    }
    let condition = region { inner in
      let isBefore = inner.compare(state[0], "LT", bound)
      inner.line("stablehlo.return \(isBefore.name) : tensor<i1>")
    }
    let types = starts.map(\.typeText).joined(separator: ", ")
    let step = region { inner in
      let next = body(&inner, state[0], Array(state.dropFirst()))
      let count = inner.add(state[0], inner.whole(1))
      let names = ([count] + next).map(\.name).joined(separator: ", ")
      inner.line("stablehlo.return \(names) : \(types)")
    }
    let name = newName()
    let pairs = Swift.zip(state, starts).map { "\($0.name) = \($1.name)" }.joined(separator: ", ")
    line("\(name):\(starts.count) = stablehlo.while(\(pairs)) : \(types)")
    line("cond {\n\(condition)    } do {\n\(step)    }")
    return first.enumerated().map { place, value in
      HLOValue(name: "\(name)#\(place + 1)", extents: value.extents, type: value.type)
    }
  }

  /// One step of `[steps, batch, width]`, as `[batch, width]`.
  fileprivate mutating func at(_ x: HLOValue, _ step: HLOValue) -> HLOValue {
    let zero = whole(0)
    let sizes = [1] + x.extents.dropFirst()
    let part = append(
      "stablehlo.dynamic_slice \(x.name), \(step.name), \(zero.name), \(zero.name), sizes = \(sizes)",
      [x, step, zero, zero], sizes, x.type)
    return reshape(part, Array(sizes.dropFirst()))
  }

  /// `x` with one step replaced.
  fileprivate mutating func setting(
    _ x: HLOValue, at step: HLOValue, to part: HLOValue
  ) -> HLOValue {
    let zero = whole(0)
    let update = reshape(part, [1] + part.extents)
    return append(
      "stablehlo.dynamic_update_slice \(x.name), \(update.name), \(step.name), \(zero.name), "
        + zero.name, [x, update, step, zero, zero], x.extents, x.type)
  }

  /// Whether a step lies within a record's length.
  fileprivate mutating func isActive(
    _ step: HLOValue, _ lengths: HLOValue, _ extents: [Int]
  ) -> HLOValue {
    let isBefore = compare(stretch(step, to: lengths.extents), "LT", lengths)
    return broadcast(isBefore, to: extents, axes: [0])
  }
}
