import TensorGraph

extension OpCatalogue {
  /// What only moves elements.
  static let arrangements: [OpCase] = [
    OpCase("reshape", [.input([4, 6], extremes: far)]) { graph, x in
      try graph.reshape(x[0], [2, 3, 4])
    },
    OpCase(
      "reshape between two layers", [.input([4, 6]), .parameter([6, 6]), .parameter([4, 3])]
    ) {
      graph, x in
      let hidden = graph.relu(try graph.matmul(x[0], x[1]))
      return try graph.matmul(graph.reshape(hidden, [6, 4]), x[2])
    },
    OpCase("reshape of a node that is read again", [.input([4, 6])]) { graph, x in
      let hidden = graph.tanh(x[0])
      let moved = try graph.reshape(graph.square(graph.reshape(hidden, [3, 8])), [4, 6])
      return try graph.add(moved, hidden)
    },
    OpCase("transpose of a matrix", [.input([4, 33], extremes: far)]) { graph, x in
      try graph.transpose(x[0], order: [1, 0])
    },
    OpCase("transpose of three axes", [.input([2, 3, 5], extremes: far)]) { graph, x in
      try graph.transpose(x[0], order: [2, 0, 1])
    },
    OpCase("transpose that keeps the last axis", [.input([2, 3, 5], extremes: far)]) { graph, x in
      try graph.transpose(x[0], order: [1, 0, 2])
    },
    OpCase("concatenate rows", [.input([3, 5], extremes: far), .input([1, 5]), .input([7, 5])]) {
      graph, x in try graph.concatenate(x, axis: 0)
    },
    OpCase(
      "concatenate columns", [.input([7, 1], extremes: far), .input([7, 5]), .input([7, 33])]
    ) { graph, x in try graph.concatenate(x, axis: 1) },
    OpCase("concatenate the middle of three axes", [.input([2, 3, 5]), .input([2, 1, 5])]) {
      graph, x in try graph.concatenate(x, axis: 1)
    },
    OpCase("concatenate one node twice", [.input([3, 5]), .input([3, 2])]) { graph, x in
      try graph.concatenate([x[0], x[1], x[0]], axis: 1)
    },
    OpCase(
      "concatenate an input with a level's row", [.input([5, 3]), .parameter([4, 2])],
      indices: [.init(5, below: 4)]
    ) { graph, x in
      try graph.concatenate([x[0], graph.gather(x[1], x[2])], axis: 1)
    },
    OpCase("slice of rows", [.input([7, 5], extremes: far)]) { graph, x in
      try graph.slice(x[0], axis: 0, 2..<5)
    },
    OpCase("slice of the first columns", [.input([4, 33], extremes: far)]) { graph, x in
      try graph.slice(x[0], axis: 1, 0..<17)
    },
    OpCase("slice of the last columns", [.input([4, 33], extremes: far)]) { graph, x in
      try graph.slice(x[0], axis: 1, 17..<33)
    },
    OpCase("slice of the middle of three axes", [.input([2, 5, 3])]) { graph, x in
      try graph.slice(x[0], axis: 1, 1..<4)
    },
    OpCase("slices that overlap", [.input([3, 9])]) { graph, x in
      let parts = [
        try graph.slice(x[0], axis: 1, 0..<6), try graph.slice(x[0], axis: 1, 3..<9),
      ]
      return try graph.multiply(parts[0], parts[1])
    },
    OpCase("split, of which one part is used", [.input([4, 12])]) { graph, x in
      let parts = try graph.split(x[0], axis: 1, into: 3)
      return graph.exp(parts[1])
    },
    OpCase("split and multiplied", [.input([130, 70])]) { graph, x in
      let parts = try graph.split(x[0], axis: 1, into: 2)
      return try graph.multiply(parts[0], graph.sigmoid(parts[1]))
    },
  ]

  /// Sums over every choice of axes, means, and the largest element.
  static let reductions: [OpCase] =
    matrixShapes.flatMap { shape in
      [
        OpCase("sum of rows \(shape)", [.input(shape, extremes: far)]) { graph, x in
          try graph.sum(x[0], axes: [1])
        },
        OpCase("sum of columns \(shape)", [.input(shape, extremes: far)]) { graph, x in
          try graph.sum(x[0], axes: [0])
        },
        OpCase("sum of all \(shape)", [.input(shape, extremes: far)]) { graph, x in
          try graph.sum(x[0])
        },
        OpCase("maximum \(shape)", [.input(shape, extremes: far)], gradients: .none) { graph, x in
          graph.maximum(x[0])
        },
      ]
    } + [
      OpCase("sum of a list", [.input([9], extremes: far)]) { graph, x in try graph.sum(x[0]) },
      OpCase("sum of the outer and the inner of three axes", [.input([2, 3, 5])]) { graph, x in
        try graph.sum(x[0], axes: [0, 2])
      },
      OpCase("sum of the middle of three axes", [.input([2, 3, 5])]) { graph, x in
        try graph.sum(x[0], axes: [1])
      },
      OpCase("mean of all", [.input([4, 33], extremes: far)]) { graph, x in
        try graph.mean(x[0])
      },
      OpCase("mean of columns", [.input([4, 33], extremes: far)]) { graph, x in
        try graph.mean(x[0], axes: [0])
      },
      OpCase("maximum of three axes", [.input([2, 3, 5])], gradients: .none) { graph, x in
        graph.maximum(x[0])
      },
    ]
}
