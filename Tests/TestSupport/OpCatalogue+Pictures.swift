import TensorGraph

extension OpCatalogue {
  private struct Extents: Sendable {
    let batch: Int
    let size: Int
    let inputs: Int
    let outputs: Int
    let kernel: Int
    let window: ConvolutionWindow
  }

  /// Channels that fill blocks of 8 and 16, and that don't.
  private static let convolutionExtents: [Extents] = [
    Extents(batch: 2, size: 5, inputs: 1, outputs: 3, kernel: 3, window: .init(padding: 1)),
    Extents(
      batch: 2, size: 6, inputs: 3, outputs: 16, kernel: 3, window: .init(stride: 2, padding: 1)),
    Extents(batch: 1, size: 4, inputs: 16, outputs: 16, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 2, size: 5, inputs: 16, outputs: 2, kernel: 1, window: .init()),
    Extents(
      batch: 2, size: 6, inputs: 16, outputs: 32, kernel: 4, window: .init(stride: 2, padding: 1)),
    Extents(batch: 9, size: 7, inputs: 8, outputs: 24, kernel: 3, window: .init(padding: 0)),
    // Enough tiles for Winograd's algorithm, with edges; and few channels beside many.
    Extents(batch: 9, size: 7, inputs: 8, outputs: 24, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 9, size: 8, inputs: 16, outputs: 8, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 3, size: 13, inputs: 32, outputs: 16, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 3, size: 6, inputs: 1, outputs: 16, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 2, size: 5, inputs: 3, outputs: 32, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 3, size: 7, inputs: 32, outputs: 3, kernel: 3, window: .init(padding: 1)),
    Extents(batch: 2, size: 6, inputs: 16, outputs: 1, kernel: 3, window: .init(padding: 1)),
  ]

  /// Convolutions, and what planning may fuse into them.
  static let convolutions: [OpCase] =
    convolutionExtents.flatMap { extents in
      [OpCase.Operand.Source.input, .parameter].flatMap { source in
        [convolution(extents, source), transposed(extents, source)]
      }
    } + fusedConvolutions

  private static func name(_ extents: Extents, _ source: OpCase.Operand.Source) -> String {
    "\(extents.batch) of \(extents.size)² \(extents.inputs)→\(extents.outputs) by "
      + "\(extents.kernel)² stride \(extents.window.stride) padding \(extents.window.padding) \(source)"
  }

  private static func weight(
    _ extents: Extents, _ source: OpCase.Operand.Source
  ) -> OpCase.Operand {
    let shape: Shape = [extents.kernel, extents.kernel, extents.inputs, extents.outputs]
    return source == .input ? .input(shape, -1...1) : .parameter(shape)
  }

  private static func convolution(
    _ extents: Extents, _ source: OpCase.Operand.Source
  ) -> OpCase {
    OpCase(
      "convolution " + name(extents, source),
      [
        .input([extents.batch, extents.size, extents.size, extents.inputs]),
        weight(extents, source),
      ]
    ) { graph, x in try graph.convolution(x[0], x[1], extents.window) }
  }

  private static func transposed(
    _ extents: Extents, _ source: OpCase.Operand.Source
  ) -> OpCase {
    let window = extents.window
    let small = (extents.size + 2 * window.padding - extents.kernel) / window.stride + 1
    return OpCase(
      "transposed convolution " + name(extents, source),
      [.input([extents.batch, small, small, extents.outputs]), weight(extents, source)]
    ) { graph, x in
      try graph.transposedConvolution(
        x[0], x[1], window, height: extents.size, width: extents.size)
    }
  }

  private static let activations: [UnaryFunction?] = [
    nil, .relu, .leakyRelu(slope: 0.1), .tanh, .sigmoid, .silu,
  ]

  /// Addends of a convolution: what it reads itself, and what nothing else reads.
  private static func shortcuts(_ batch: Int, _ size: Int) -> [OpCase] {
    let operands: [OpCase.Operand] = [
      .input([batch, size, size, 16]), .parameter([3, 3, 16, 16], -0.3...0.3), .parameter([16]),
    ]
    let window = ConvolutionWindow(padding: 1)
    return [
      OpCase("shortcut around a convolution of \(batch) of \(size)²", operands) { graph, x in
        let before = graph.square(x[0])
        let sum = try graph.add(graph.convolution(before, x[1], window), x[2])
        return graph.tanh(try graph.add(before, sum))
      },
      OpCase("addend of a convolution of \(batch) of \(size)²", operands) { graph, x in
        let sum = try graph.add(graph.convolution(x[0], x[1], window), x[2])
        return graph.relu(try graph.add(graph.square(x[0]), sum))
      },
    ]
  }

  private static let fusedConvolutions: [OpCase] =
    activations.flatMap { activation in
      // The last is large enough for Winograd's algorithm.
      [(2, 4, 3), (2, 4, 16), (9, 7, 16)].map { batch, size, channels in
        OpCase(
          "convolution of \(batch) to \(channels) with bias, "
            + (activation.map { "\(FunctionName($0))" } ?? "no activation"),
          [
            .input([batch, size, size, 16]), .parameter([3, 3, 16, channels], -0.3...0.3),
            .parameter([channels]),
          ]
        ) { graph, x in
          let sum = try graph.add(
            graph.convolution(x[0], x[1], ConvolutionWindow(padding: 1)), x[2])
          return activation.map { graph.unary($0, sum) } ?? sum
        }
      }
    }
    + [(2, 4), (9, 7)].flatMap { batch, size in shortcuts(batch, size) }
    + [1, 3].map { channels in
      OpCase(
        "convolution from \(channels) with bias, silu",
        [.input([3, 6, 6, channels]), .parameter([3, 3, channels, 16]), .parameter([16])]
      ) { graph, x in
        graph.silu(
          try graph.add(graph.convolution(x[0], x[1], ConvolutionWindow(padding: 1)), x[2]))
      }
    }
    + [(2, 4), (9, 7)].map { batch, size in
      OpCase(
        "residual block on \(batch) of \(size)²",
        [
          .input([batch, size, size, 16]), .parameter([3, 3, 16, 16], -0.3...0.3),
          .parameter([16]), .input([batch, 16], -0.5...0.5), .input([batch, 16]),
          .parameter([3, 3, 16, 16], -0.3...0.3), .parameter([16]),
        ]
      ) { graph, x in
        let window = ConvolutionWindow(padding: 1)
        let first = try graph.add(graph.convolution(x[0], x[1], window), x[2])
        let inner = graph.tanh(try graph.modulate(first, scale: x[3], shift: x[4]))
        let second = try graph.add(graph.convolution(inner, x[5], window), x[6])
        return try graph.add(x[0], second)
      }
    } + [
      OpCase(
        "residual block, modulated behind its activation",
        [
          .input([2, 4, 4, 16]), .parameter([3, 3, 16, 16], -0.3...0.3), .parameter([16]),
          .input([2, 16], -0.5...0.5), .input([2, 16]), .parameter([3, 3, 16, 16], -0.3...0.3),
          .parameter([16]),
        ]
      ) { graph, x in
        let window = ConvolutionWindow(padding: 1)
        let before = graph.square(x[0])
        let first = graph.relu(try graph.add(graph.convolution(before, x[1], window), x[2]))
        let inner = try graph.modulate(first, scale: x[3], shift: x[4])
        let second = try graph.add(graph.convolution(inner, x[5], window), x[6])
        return graph.tanh(try graph.add(before, second))
      },
      OpCase(
        "one kernel for two batches, few tiles and many",
        [.input([2, 4, 4, 16]), .input([9, 8, 8, 16]), .parameter([3, 3, 16, 16])]
      ) { graph, x in
        let window = ConvolutionWindow(padding: 1)
        let few = try graph.sum(graph.convolution(x[0], x[2], window), axes: [0, 1, 2])
        let many = graph.tanh(try graph.convolution(x[1], x[2], window))
        return try graph.multiply(few, graph.sum(many, axes: [0, 1, 2]))
      },
      OpCase(
        "pictures to rows and back",
        [.input([2, 64]), .parameter([3, 3, 16, 16]), .parameter([64, 5])]
      ) { graph, x in
        let pictures = try graph.reshape(x[0], [2, 2, 2, 16])
        let next = try graph.convolution(pictures, x[1], ConvolutionWindow(padding: 1))
        return try graph.matmul(graph.reshape(next, [2, 64]), x[2])
      },
      OpCase("a row for every pixel", [.input([2, 3, 3, 16]), .parameter([16])]) { graph, x in
        graph.tanh(try graph.add(graph.square(x[0]), x[1]))
      },
      OpCase("joined along channels", [.input([2, 3, 3, 16]), .input([2, 3, 3, 16])]) { graph, x in
        graph.tanh(try graph.concatenate([graph.square(x[0]), x[1]], axis: 3))
      },
    ]

  /// Every kind of target (least, greatest, between), of scale (usual, below the least) and of weight.
  static let logistics: [OpCase] = [[3, 5], [1, 9], [4, 33]].map { (shape: Shape) in
    OpCase(
      "discretised logistic \(shape)",
      [.input([shape.rows, 2 * shape.columns], -1.5...1.5)]
    ) { graph, x in
      // Whole levels: three of each 4 weights are 1.
      let column = (0..<shape.columns).map { graph.constant(Double($0 % 4) / 3, [shape.rows, 1]) }
      let targets = try graph.concatenate(column, axis: 1)
      let weight = (0..<shape.columns).map { graph.constant($0 % 5 == 4 ? 0 : 1, [shape.rows, 1]) }
      let shift = (0..<2 * shape.columns).map { place in
        graph.constant(
          place < shape.columns ? 0.3 : place % 7 == 6 ? -20 : -2, [shape.rows, 1])
      }
      return try graph.discretizedLogisticLogLikelihood(
        parameters: graph.add(x[0], graph.concatenate(shift, axis: 1)),
        targets: targets,
        weights: graph.concatenate(weight, axis: 1))
    }
  }

  /// Resampling and modulation of pictures.
  static let pictures: [OpCase] = [(2, 3, 1), (1, 4, 16), (2, 2, 24), (5, 6, 32)].flatMap {
    (batch: Int, size: Int, channels: Int) in
    let shape: Shape = [batch, size, size, channels]
    let rows: Shape = [batch, channels]
    return [
      OpCase("upsample nearest \(shape)", [.input(shape)]) { graph, x in
        try graph.upsample(x[0], by: 2)
      },
      OpCase("upsample bilinear \(shape)", [.input(shape)]) { graph, x in
        try graph.upsample(x[0], by: 2, .bilinear)
      },
      OpCase("upsample thrice \(shape)", [.input(shape)]) { graph, x in
        try graph.upsample(x[0], by: 3, .bilinear)
      },
      OpCase("average pool \(shape)", [.input([batch, 2 * size, 2 * size, channels])]) { graph, x in
        try graph.averagePool(x[0], by: 2)
      },
      OpCase("modulate \(shape)", [.input(shape), .input(rows), .input(rows)]) { graph, x in
        try graph.modulate(x[0], scale: x[1], shift: x[2])
      },
      OpCase("modulated leaky \(shape)", [.input(shape), .input(rows), .input(rows)]) { graph, x in
        try graph.modulate(graph.leakyRelu(x[0], slope: 0.1), scale: x[1], shift: x[2])
      },
      OpCase("sum over pixels \(shape)", [.input(shape)]) { graph, x in
        try graph.sum(graph.square(x[0]), axes: [1, 2])
      },
    ]
  }
}
