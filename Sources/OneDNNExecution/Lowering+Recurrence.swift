internal import CFusedLoops
internal import COneDNN
import TensorGraph

extension Lowering {
  /// A long short-term memory: in each step a product by the recurrent weight, then one loop over gates and state.
  /// Results: the outputs, the trace, or both.
  func lowerLSTM(_ instruction: Plan.Instruction, isReversed: Bool) throws {
    let operands = instruction.operands
    let gates = try value(of: operands[0])
    let shared = try value(of: operands[1], as: .float32)
    let lengths = try value(of: operands[3])
    let batch = graph.shape(of: operands[3]).count
    let hidden = graph.shape(of: operands[2]).rows
    let steps = RecurrentSteps(
      count: graph.shape(of: operands[0]).rows / batch, isReversed: isReversed)
    var outputs: Value?
    var trace: Value?
    for node in instruction.results {
      if case .lstmTrace = graph[node].operation {
        trace = define(node, as: .float32)
      } else {
        outputs = define(node)
      }
    }
    let output = outputs ?? temporary(count: steps.count * batch * hidden)
    let rows = output.type == narrow ? nil : narrowCopy(count: batch * hidden)
    let product = temporary(count: batch * 4 * hidden)
    // A single cell where no trace is kept.
    let cells = trace ?? temporary(count: batch * hidden)

    let rowsLayout = try Layout.plain(narrow, [batch, hidden])
    let productLayout = try Layout.plain(.float32, [batch, 4 * hidden])
    let anyWeight = try Layout.any(narrow, [4 * hidden, hidden])
    let epilogue = cvae_epilogue(accumulate: false, activation: dnnl_alg_kind_undef, alpha: 0)
    let description = try PrimitiveDescription(engine, "prepare a recurrent layer") {
      cvae_inner_product_forward(
        $0, engine.handle, rowsLayout.handle, anyWeight.handle, nil, productLayout.handle, epilogue)
    }
    let weightLayout = try description.layout(dnnl_query_weights_md)
    try adopt(operands[2], weightLayout)
    let weight = try self.weight(operands[2], weightLayout)

    let sharedStride = graph.shape(of: operands[1]).rows == 1 ? 0 : 4 * hidden
    let threads = Int32(session.threads)
    let hasTrace = trace != nil
    func loop(_ place: Int) -> cvae_lstm_step {
      let (step, before) = (steps.order[place], place > 0 ? steps.order[place - 1] : nil)
      let traced = hasTrace ? cells.floats : nil
      return cvae_lstm_step(
        gates: gates.tensor(from: step * batch * 4 * hidden), shared: shared.floats,
        shared_stride: sharedStride, product: before == nil ? nil : product.floats,
        lengths: lengths.indices, place: Int32(step),
        cell_before: before.map { cells.floats + (hasTrace ? $0 * batch * hidden : 0) },
        output_before: output.tensor(from: (before ?? 0) * batch * hidden),
        activated: traced.map { $0 + (steps.count + 4 * step) * batch * hidden },
        cell: cells.floats + (hasTrace ? step * batch * hidden : 0),
        output: output.tensor(from: step * batch * hidden),
        narrow_output: rows?.halves, hidden: hidden)
    }
    emit(
      description,
      each: (1..<max(1, steps.count)).map { place in
        {
          let before = steps.order[place - 1] * batch * hidden
          return [
            .init(DNNL_ARG_SRC, rowsLayout, rows?.pointer ?? output.pointer(from: before)),
            .init(DNNL_ARG_WEIGHTS, weightLayout, weight.pointer),
            .init(DNNL_ARG_DST, productLayout, product.pointer),
          ]
        }
      }
    ) { products in
      for place in 0..<steps.count {
        if place > 0 { try products[place - 1].run() }
        cvae_lstm(loop(place), batch, threads)
      }
    }
  }

  /// The gradient by the gates, step after step from the last one made to the first.
  func lowerLSTMGradient(_ instruction: Plan.Instruction, isReversed: Bool) throws {
    let (operands, node) = (instruction.operands, instruction.results[0])
    let trace = try value(of: operands[0], as: .float32)
    let lengths = try value(of: operands[2])
    let upstream = try value(of: operands[3])
    let batch = graph.shape(of: operands[2]).count
    let hidden = graph.shape(of: operands[1]).rows
    let steps = RecurrentSteps(
      count: graph.shape(of: node).rows / batch, isReversed: isReversed)
    let result = define(node)
    let rows = result.type == narrow ? nil : narrowCopy(count: batch * 4 * hidden)
    let product = temporary(count: batch * hidden)
    let carried = temporary(count: batch * hidden)
    let byCell = temporary(count: batch * hidden)

    let rowsLayout = try Layout.plain(narrow, [batch, 4 * hidden])
    let productLayout = try Layout.plain(.float32, [batch, hidden])
    let anyWeight = try Layout.any(narrow, [4 * hidden, hidden])
    let description = try PrimitiveDescription(engine, "prepare a recurrent layer's gradient") {
      cvae_inner_product_backward_data(
        $0, engine.handle, productLayout.handle, anyWeight.handle, rowsLayout.handle)
    }
    let weightLayout = try description.layout(dnnl_query_weights_md)
    let weight = try self.weight(operands[1], weightLayout)

    let threads = Int32(session.threads)
    let size = batch * hidden
    func loop(_ place: Int) -> cvae_lstm_gradient_step {
      let (step, before) = (steps.order[place], place > 0 ? steps.order[place - 1] : nil)
      return cvae_lstm_gradient_step(
        upstream: upstream.tensor(from: step * size),
        product: place + 1 < steps.count ? product.floats : nil,
        lengths: lengths.indices, place: Int32(step),
        activated: trace.floats + (steps.count + 4 * step) * size,
        cell: trace.floats + step * size, cell_before: before.map { trace.floats + $0 * size },
        carried: carried.floats, by_cell: byCell.floats,
        by_gates: result.tensor(from: step * 4 * size), narrow_by_gates: rows?.halves,
        hidden: hidden)
    }
    emit(
      description,
      each: (1..<max(1, steps.count)).map { place in
        {
          let behind = steps.order[place] * 4 * size
          return [
            .init(DNNL_ARG_DIFF_DST, rowsLayout, rows?.pointer ?? result.pointer(from: behind)),
            .init(DNNL_ARG_WEIGHTS, weightLayout, weight.pointer),
            .init(DNNL_ARG_DIFF_SRC, productLayout, product.pointer),
          ]
        }
      }
    ) { products in
      Loops.fill(carried, 0, size)
      Loops.fill(byCell, 0, size)
      for place in (0..<steps.count).reversed() {
        if place + 1 < steps.count { try products[place].run() }
        cvae_lstm_gradient(loop(place), batch, threads)
      }
    }
  }

  /// Room for the rows that a product reads in bfloat16; nil where products read 32-bit floats.
  private func narrowCopy(count: Int) -> Value? {
    guard narrow == .bfloat16 else { return nil }
    return Value(
      place: .slot(makeSlot(bytes: count * 2)), type: .bfloat16, arrangement: .rowMajor)
  }
}

/// The order in which the steps of a recurrence are made.
private struct RecurrentSteps {
  let count: Int
  let order: [Int]

  init(count: Int, isReversed: Bool) {
    self.count = count
    order = isReversed ? (0..<count).reversed() : Array(0..<count)
  }
}

extension Value {
  /// The numbers from a place on.
  fileprivate func tensor(from place: Int) -> cvae_tensor {
    cvae_tensor(data: pointer(from: place), type: tensor.type)
  }

  fileprivate func pointer(from place: Int) -> UnsafeMutableRawPointer {
    pointer + place * type.bytes
  }

  fileprivate var halves: UnsafeMutablePointer<UInt16> {
    pointer.assumingMemoryBound(to: UInt16.self)
  }
}
