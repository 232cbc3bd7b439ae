import RecordTypes
import TensorGraph

extension ConditionalVAE {
  /// Details as recognition sees them, sampled: nothing for a model without levels.
  func recognisedDetails(
    _ fields: FieldNodes, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> DetailSource {
    guard !detailLevels.isEmpty else { return .style([]) }
    let noise = detailLevels.map { level in
      graph.normal(level.posteriorPurpose, records: records, columns: level.count)
    }
    return .recognised(features: try recognition.features(fields, in: &graph), noise: noise)
  }

  /// The styles of records as an input: that of z, and that of each level of details.
  func styles(
    batch: Int, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> (latent: Node, details: [Node]) {
    let style = program.input(.style, [batch, styleCount])
    guard !detailLevels.isEmpty else { return (style, []) }
    var first = configuration.latent
    let latent = try program.graph.slice(style, axis: 1, 0..<first)
    var details: [Node] = []
    for level in detailLevels {
      details.append(try program.graph.slice(style, axis: 1, first..<first + level.count))
      first += level.count
    }
    return (latent, details)
  }

  /// Declares q(u | x, y) of all levels of details, each given the means of z and of the coarser levels.
  func declareDetails(
    of fields: FieldNodes, latent: Node, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) {
    guard !detailLevels.isEmpty else { return }
    let source = DetailSource.recognised(
      features: try recognition.features(fields, in: &program.graph), noise: nil)
    let details = try decoder(latent, source, fields, in: &program.graph).details
    program.output(
      .details(.mean), try program.graph.concatenate(details.map(\.mean), axis: 1))
    program.output(
      .details(.logVariance),
      try program.graph.concatenate(details.map(\.logVariance), axis: 1))
  }
}
