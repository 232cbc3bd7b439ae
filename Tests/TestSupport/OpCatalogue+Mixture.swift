import TensorGraph

extension OpCatalogue {
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
