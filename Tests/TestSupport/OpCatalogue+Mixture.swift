import TensorGraph

extension OpCatalogue {
  /// What is drawn from distributions: levels, of which every second one is known, and values of mixtures.
  static let samples: [OpCase] =
    [(1, 1), (3, 2), (40, 7)].map { (rows: Int, columns: Int) in
      OpCase(
        "gaussianMixtureSample [\(rows), \(columns)]",
        [.data([rows, 9 * columns], -2...2, extremes: [-20, 0, 20, 100])],
        indices: [.init(rows, below: 1_000_000)], gradients: .none
      ) { graph, x in
        try graph.gaussianMixtureSample(x[0], columns: columns, purpose: "value", records: x[1])
      }
    }
    + [(1, 2), (3, 5), (40, 37)].map { (rows: Int, levels: Int) in
      OpCase(
        "categoricalSample [\(rows), \(levels)]",
        [.data([rows, levels], -2...2, extremes: [-20, 0, 20]), .data([levels, 3])],
        indices: [.init(rows, below: levels * 2), .init(rows, below: 1_000_000)], gradients: .none
      ) { graph, x in
        let drawn = try graph.categoricalSample(
          x[0], known: rows == 1 ? nil : x[2], purpose: "level", records: x[3])
        return try graph.gather(x[1], drawn)
      }
    }

  /// Mixtures of three Gaussians for each column; few columns, as each has nine parameters.
  static let mixtures: [OpCase] = [(1, 1), (3, 2), (4, 7)].map { (rows: Int, columns: Int) in
    let shape: Shape = [rows, columns]
    return OpCase(
      "gaussianMixtureLogLikelihood \(shape)",
      [
        .input([rows, 9 * columns], extremes: [-20, 0, 20]),
        .data(shape, -2...2, extremes: [-20, 0, 20]),
      ]
    ) { graph, x in
      // Every fifth column doesn't count; the last of each three components is flat.
      let weight = (0..<columns).map { graph.constant($0 % 5 == 4 ? 0 : 1, [rows, 1]) }
      let shift = (0..<9 * columns).map { place in
        graph.constant(place >= 6 * columns && place % 3 == 2 ? -9 : 0, [rows, 1])
      }
      return try graph.gaussianMixtureLogLikelihood(
        parameters: graph.add(x[0], graph.concatenate(shift, axis: 1)), targets: x[1],
        weights: graph.concatenate(weight, axis: 1))
    }
  }
}
