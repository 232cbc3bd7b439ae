public import TensorGraph

/// A small conditional VAE, written out, with its update.
public struct SmallModel: Sendable {
  /// Its parameters.
  public private(set) var store = ParameterStore(seed: 5)
  /// A step of training.
  public let program: Program
  let image: Port<Float>
  let label: Port<Int32>
  let records: Port<Int32>
  let loss: Port<Float>
  /// Which records a batch has.
  let numbers: Range<Int>
  /// Of each image.
  public static let pixels = 70

  /// A model of a batch of those records.
  ///
  /// - Parameter shares: The share of the batch that each rank has.
  public init(
    numbers: Range<Int> = 0..<24, clipNorm: Double? = nil, rule: AdamRule = AdamRule(),
    shares: [Double] = [1]
  ) throws {
    self.numbers = numbers
    var graph = Graph()
    let image = graph.input([numbers.count, Self.pixels])
    let label = graph.indexInput([numbers.count])
    let records = graph.indexInput([numbers.count])
    (self.image, self.label, self.records) = (image, label, records)
    var store = self.store
    func layer(_ name: String, _ rows: Node, out: Int) throws -> Node {
      let inputs = graph.shape(of: rows).columns
      let weight = store.declare("\(name).weight", [inputs, out], .uniform(fanIn: inputs))
      let table = store.declare("\(name).label", [4, out], .uniform(fanIn: inputs))
      let bias = store.declare("\(name).bias", [out], .zeros)
      let given = try graph.gather(graph.read(table), label.node)
      let sum = try graph.add(given, graph.matmul(rows, graph.read(weight)))
      return try graph.addRow(sum, graph.read(bias))
    }
    let hidden = graph.relu(try layer("recognition", image.node, out: 33))
    let parts = try graph.split(try layer("head", hidden, out: 12), axis: 1, into: 2)
    let noise = graph.normal("latent", records: records.node, columns: 6)
    let deviation = graph.exp(graph.scale(parts[1], by: 0.5))
    let latent = try graph.add(parts[0], graph.multiply(deviation, noise))
    let decoded = graph.relu(try layer("decoder", latent, out: 33))
    let logits = try layer("image", decoded, out: Self.pixels)
    let likelihood = try graph.bernoulliLogLikelihood(logits: logits, targets: image.node)
    let zero = graph.constant(0, graph.shape(of: latent))
    let divergence = try graph.gaussianDivergence(
      meanQ: parts[0], logVarianceQ: parts[1], meanP: zero, logVarianceP: zero)
    let elbo = try graph.subtract(likelihood, graph.sum(divergence, axes: [1]))
    let loss = graph.negate(try graph.mean(elbo))
    let gradients = try graph.gradients(of: loss, by: store.parameters.map { graph.read($0) })
    self.store = store
    self.loss = graph.output(loss)
    program = Program(
      graph: graph,
      update: ParameterUpdate(
        rule: rule,
        gradients: zip(store.parameters, gradients).map { .init($0, $1) }, loss: loss,
        clipNorm: clipNorm), shares: shares)
  }

  /// Compiles, fills the inputs, trains, and returns the losses. Each step is computed with weights that are off by
  /// the share `disturbance` up or down, of which nothing is kept but what it does to the updates.
  ///
  /// - Throws: ``UnexpectedOutcome`` where a step isn't applied, or the poisoned one isn't refused.
  public func train(
    _ session: any ExecutionSession, steps: Int, poisonedStep: Int? = nil,
    isPoisoner: Bool = true, disturbance: Double = 0
  ) throws -> [Float] {
    let step = try session.compile(program)
    step.withInput(label) { buffer in
      for (index, record) in numbers.enumerated() { buffer[index] = Int32(record % 4) }
    }
    step.withInput(records) { buffer in
      for (index, record) in numbers.enumerated() { buffer[index] = Int32(record) }
    }
    return try (0..<steps).map { number in
      step.withInput(image) { buffer in
        for index in buffer.indices {
          let place = numbers.lowerBound * Self.pixels + index
          buffer[index] = Float((place * 7 + number * 13) % 11) / 10
        }
        if number == poisonedStep, isPoisoner { buffer[0] = .nan }
      }
      let before = disturbance == 0 ? [] : try values(session)
      let off = before.map { Self.disturbed($0, by: disturbance, step: number) }
      for (parameter, values) in zip(store.parameters, off) {
        try session.setValue(values, of: parameter)
      }
      let outcome = try step.run(
        at: RandomPosition(seed: 9, step: UInt32(number)), learningRate: 0.01)
      guard outcome == (number == poisonedStep ? .refused : .applied) else {
        throw UnexpectedOutcome(step: number, outcome: outcome)
      }
      for (place, parameter) in store.parameters.enumerated() where !off.isEmpty {
        let moved = try session.value(of: parameter)
        let kept = moved.indices.map { moved[$0] - (off[place][$0] - before[place][$0]) }
        try session.setValue(kept, of: parameter)
      }
      return step.output(self.loss)[0]
    }
  }

  private static func disturbed(_ values: [Float], by share: Double, step: Int) -> [Float] {
    let random = RandomPosition(seed: 3, step: UInt32(step))
    return values.enumerated().map { index, value in
      let up =
        random.uniform(RandomPurpose("disturbance"), record: UInt32(values.count), column: index)
        < 0.5
      return value * Float(1 + (up ? share : -share))
    }
  }

  /// All parameters' values.
  public func values(_ session: any ExecutionSession) throws -> [[Float]] {
    try store.parameters.map { try session.value(of: $0) }
  }
}

/// A step of training ended otherwise than it should.
public struct UnexpectedOutcome: Error {
  /// Which one.
  public let step: Int
  /// How it ended.
  public let outcome: UpdateOutcome?
}

/// Numbers lie as near as what a disturbance of the size of the roundings did, by the margin of
/// ``RoundingBound``: one disturbance is one draw of many. Those that don't, in words.
public func farNumbers(
  _ got: [Float], _ wanted: [Float], asFarAs disturbed: [Float], _ unit: Double
) -> [String] {
  let spread = zip(disturbed, wanted).map { abs(Double($0) - Double($1)) }.max() ?? 0
  return zip(got, wanted).enumerated().compactMap { index, pair in
    let (got, wanted) = pair
    let difference = abs(Double(got) - Double(wanted))
    let bound = RoundingBound.confidence * (spread + unit * abs(Double(wanted)))
    return difference <= bound ? nil : "index \(index): \(got) instead of \(wanted)"
  }
}
