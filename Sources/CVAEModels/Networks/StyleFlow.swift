import TensorGraph

/// A prior p(u) of the style that isn't a Gaussian: ε ~ N(0, I) goes through couplings that can be undone.
///
/// Each coupling keeps a part a of the numbers, and moves the others by what a network makes of a:
///
/// `u_b = ε_b · exp(s(ε_a)) + t(ε_a)`
///
/// so that both ways cost the same, and log p(u) = log N(ε; 0, I) − Σ s is exact. z = mean + σ · u has the mean and the deviation of
/// the condition as before; the shape of the distribution around them is what the flow adds. It begins as N(0, I).
///
/// - Source: Dinh, Sohl-Dickstein and Bengio, *Density Estimation Using Real NVP*, 2017; Xu et al., *On the Necessity and
///   Effectiveness of Learning the Prior of Variational Auto-Encoder*, 2019, for a flow behind a VAE's latent.
struct StyleFlow: Sendable {
  /// Which numbers a coupling keeps.
  private enum Kept: Int, CaseIterable {
    case firstHalf, secondHalf, even, odd
  }

  private struct Coupling: Sendable {
    let kept: Kept
    let hidden: [Linear]
    let weight: Parameter
    let bias: Parameter
  }

  private let couplings: [Coupling]
  private let latent: Int
  private let activation: Activation

  /// The largest |s| of a coupling.
  private static let mostLogScale = 2.0

  /// Declares the parameters `prior.flow0.…`, …; nil where no couplings are asked for, or there is one number only.
  init?(_ configuration: ModelConfiguration, store: inout ParameterStore) {
    latent = configuration.latent
    activation = configuration.activation
    guard configuration.prior.flow > 0, latent > 1 else { return nil }
    // Numbers can only be taken in turns where their count is even.
    let forms = latent % 2 == 0 ? Kept.allCases : [.firstHalf, .secondHalf]
    var couplings: [Coupling] = []
    for place in 0..<configuration.prior.flow {
      let kept = forms[place % forms.count]
      let counts = Self.counts(kept, latent)
      var (hidden, width): ([Linear], Int) = ([], counts.kept)
      for (index, next) in configuration.prior.hidden.enumerated() {
        hidden.append(
          Linear("prior.flow\(place).hidden\(index)", in: width, out: next, store: &store))
        width = next
      }
      couplings.append(
        Coupling(
          kept: kept, hidden: hidden,
          weight: store.declare(
            "prior.flow\(place).output.weight", [width, 2 * counts.moved], .zeros),
          bias: store.declare("prior.flow\(place).output.bias", [2 * counts.moved], .zeros)))
    }
    self.couplings = couplings
  }

  /// Appends ε of styles, and log p(u) − log N(u; 0, I).
  ///
  /// - Shapes: `style` `[batch, latent]`; `noise` likewise, `gain` `[batch]`.
  func noise(
    of style: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> (noise: Node, gain: Node) {
    var x = style
    var logScales: Node?
    for coupling in couplings.reversed() {
      let parts = try parts(of: x, coupling.kept, in: &graph)
      let (scale, shift) = try move(parts.kept, coupling, in: &graph)
      let moved = try graph.multiply(
        graph.subtract(parts.moved, shift), graph.exp(graph.negate(scale)))
      x = try joined(parts.kept, moved, coupling.kept, in: &graph)
      let sum = try graph.sum(scale, axes: [1])
      logScales =
        try logScales.map { total throws(ShapeMismatch) in
          try graph.add(total, sum)
        } ?? sum
    }
    let squares = try graph.subtract(graph.square(style), graph.square(x))
    let gain = graph.scale(try graph.sum(squares, axes: [1]), by: 0.5)
    guard let logScales else { return (x, gain) }
    return (x, try graph.subtract(gain, logScales))
  }

  /// Appends the styles of ε; the inverse of ``noise(of:in:)``.
  func style(of noise: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    var x = noise
    for coupling in couplings {
      let parts = try parts(of: x, coupling.kept, in: &graph)
      let (scale, shift) = try move(parts.kept, coupling, in: &graph)
      let moved = try graph.add(graph.multiply(parts.moved, graph.exp(scale)), shift)
      x = try joined(parts.kept, moved, coupling.kept, in: &graph)
    }
    return x
  }

  /// s and t.
  private func move(
    _ kept: Node, _ coupling: Coupling, in graph: inout Graph
  ) throws(ShapeMismatch) -> (scale: Node, shift: Node) {
    var rows = kept
    for layer in coupling.hidden { rows = activation(try layer(rows, in: &graph), in: &graph) }
    let output = try graph.addRow(
      graph.matmul(rows, graph.read(coupling.weight)), graph.read(coupling.bias))
    let parts = try graph.split(output, axis: 1, into: 2)
    let scale = graph.scale(
      graph.tanh(graph.scale(parts[0], by: 1 / Self.mostLogScale)), by: Self.mostLogScale)
    return (scale, parts[1])
  }

  private static func counts(_ kept: Kept, _ latent: Int) -> (kept: Int, moved: Int) {
    let half = latent / 2
    return kept == .secondHalf ? (latent - half, half) : (half, latent - half)
  }

  private func parts(
    of rows: Node, _ form: Kept, in graph: inout Graph
  ) throws(ShapeMismatch) -> (kept: Node, moved: Node) {
    let batch = graph.shape(of: rows).rows
    let half = latent / 2
    switch form {
    case .firstHalf, .secondHalf:
      let parts = [
        try graph.slice(rows, axis: 1, 0..<half), try graph.slice(rows, axis: 1, half..<latent),
      ]
      return form == .firstHalf ? (parts[0], parts[1]) : (parts[1], parts[0])
    case .even, .odd:
      let pairs = try graph.reshape(rows, [batch * half, 2])
      let parts = try [0, 1].map { place throws(ShapeMismatch) in
        try graph.reshape(graph.slice(pairs, axis: 1, place..<place + 1), [batch, half])
      }
      return form == .even ? (parts[0], parts[1]) : (parts[1], parts[0])
    }
  }

  private func joined(
    _ kept: Node, _ moved: Node, _ form: Kept, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let batch = graph.shape(of: kept).rows
    let parts = form == .firstHalf || form == .even ? [kept, moved] : [moved, kept]
    switch form {
    case .firstHalf, .secondHalf: return try graph.concatenate(parts, axis: 1)
    case .even, .odd:
      let pairs = try parts.map { part throws(ShapeMismatch) in
        try graph.reshape(part, [batch * latent / 2, 1])
      }
      return try graph.reshape(graph.concatenate(pairs, axis: 1), [batch, latent])
    }
  }
}
