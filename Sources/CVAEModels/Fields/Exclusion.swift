import RecordTypes
public import TensorGraph

/// Which levels of one field don't occur together with a level of another: structural zeros of their distribution.
///
/// The logits of excluded levels are lowered, by ``strength`` while training and evaluating, so that a record
/// with an unseen combination has a finite score, and beyond any draw while drawing.
///
/// - Source: Bishop, Fienberg and Holland, *Discrete Multivariate Analysis*, 1975, chapter 5.
public struct Exclusion: Sendable {
  /// The variable whose level excludes others.
  public let source: FieldInput
  /// The variable whose levels are excluded.
  public let target: FieldInput
  /// 1 where a level of the target is excluded, else 0: a row for each level of the source, and one more, without
  /// exclusions, for an unknown one.
  public let table: Parameter

  /// Nats by which logits of excluded levels are lowered where records are scored.
  static let strength = 10.0
  /// The same where records are drawn.
  static let drawingStrength = 1e9

  /// Declares a table for each direction of each combination whose target is generated.
  ///
  /// - Parameter numbers: A table's numbers; zeros where they are empty.
  static func declare(
    _ combinations: [[String]], inputs: [FieldInput],
    numbers: (FieldInput, FieldInput) -> [Float], store: inout ParameterStore
  ) -> [Exclusion] {
    combinations.flatMap { names in
      let pair = names.compactMap { name in inputs.first { $0.name == name } }
      guard pair.count == 2 else { return [] as [Exclusion] }
      return [(pair[0], pair[1]), (pair[1], pair[0])].compactMap { source, target in
        guard !target.isGiven, let rows = source.features.count, let columns = target.features.count
        else { return nil }
        let own = numbers(source, target)
        return Exclusion(
          source: source, target: target,
          table: store.declare(
            "combinations.\(source.pathName).\(target.pathName)", [rows + 1, columns],
            own.isEmpty ? .zeros : .values(own)))
      }
    }
  }

  /// Appends logits without those of excluded levels.
  ///
  /// - Shapes: `logits` `[batch, levels]`, `index` `[batch]`, or `[1]` for all rows alike.
  func callAsFunction(
    _ logits: Node, index: Node, strength: Double, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let excluded = graph.scale(try graph.gather(graph.read(table), index), by: -strength)
    guard graph.shape(of: excluded).rows < graph.shape(of: logits).rows else {
      return try graph.add(logits, excluded)
    }
    return try graph.addRow(logits, graph.reshape(excluded, [graph.shape(of: excluded).count]))
  }
}

extension ConditionalVAE {
  /// Which fields decide which others: `"occ10 decides prestg10"`.
  public var decidedFields: [String] {
    (configuration.combinations ?? []).map { $0.joined(separator: " decides ") }
  }

  /// Appends logits of a head without those of levels that a level of another variable excludes.
  ///
  /// - Parameters:
  ///   - place: The position of the head.
  ///   - strength: See ``Exclusion``.
  ///   - before: The level of a variable that comes before in a chain; nil for one that isn't known there.
  func excluding(
    _ output: Node, at place: Int, _ fields: FieldNodes, strength: Double, in graph: inout Graph,
    before: (Int) -> Node?
  ) throws(ShapeMismatch) -> Node {
    var output = output
    let heads = decoder.heads
    for exclusion in exclusions where exclusion.target == heads[place].input {
      let source = exclusion.source
      let index: Node?
      if source.isGiven {
        index = fields[source]
      } else if let own = heads.firstIndex(where: { $0.input == source }), own < place,
        decoder.chain != nil
      {
        index = before(own)
      } else {
        index = roles.isMasked(source.field.name) ? fields[source.known] : nil
      }
      guard let index else { continue }
      output = try exclusion(output, index: index, strength: strength, in: &graph)
    }
    return output
  }
}
