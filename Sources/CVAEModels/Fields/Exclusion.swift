import RecordTypes
public import TensorGraph

/// Which levels of one field don't occur together with a level of another, or with two levels of two others:
/// structural zeros of their distribution.
///
/// The logits of excluded levels are lowered, by ``strength`` while training and evaluating, so that a record
/// with an unseen combination has a finite score, and beyond any draw while drawing.
///
/// - Source: Bishop, Fienberg and Holland, *Discrete Multivariate Analysis*, 1975, chapter 5.
public struct Exclusion: Sendable {
  /// One variable or two, whose levels exclude others; none for what is excluded in any record.
  public let sources: [FieldInput]
  /// The variable whose levels are excluded.
  public let target: FieldInput
  /// 1 where a level of the target is excluded, ``ofRare`` where it isn't drawn, else 0. A row for each ``row(_:)``; an unknown level of a source, one
  /// past the last, excludes nothing.
  public let table: Parameter

  /// What stands in ``table`` for a level that hardly any record has: it isn't drawn, but its score stays as it is.
  public static let ofRare: Float = 1e-6
  /// The most numbers in the table of two sources.
  private static let mostNumbers = 2_000_000
  /// Nats by which logits of excluded levels are lowered where records are scored.
  static let strength = 10.0
  /// The same where records are drawn.
  static let drawingStrength = 1e9

  /// Which fields' levels exclude which field's: within a pair each the other's; of three fields any two exclude levels
  /// of the third, and any one those of another, since else two might be drawn that no third one goes with. Levels of
  /// which nothing is known, as they are rare, are excluded everywhere.
  static func directions(_ combination: [String]) -> [(sources: [String], target: String)] {
    let ordered = combination.flatMap { target in
      [(sources: [], target: target)]
        + combination.filter { $0 != target }.map { (sources: [$0], target: target) }
    }
    guard combination.count == 3 else { return ordered }
    return ordered
      + combination.reversed().map { target in
        (sources: combination.filter { $0 != target }, target: target)
      }
  }

  /// Fields that one field decides, two at a time, and that field: else two levels might be drawn that go with none of
  /// its own together.
  private static func triples(of combinations: [[String]]) -> [[String]] {
    let pairs = combinations.filter { $0.count == 2 }
    return pairs.indices.flatMap { index in
      pairs[(index + 1)...].filter { $0[0] == pairs[index][0] }.map {
        [pairs[index][1], $0[1], pairs[index][0]]
      }
    }
  }

  /// Declares a table for each direction of each combination whose target is generated.
  ///
  /// - Parameter numbers: A table's numbers; zeros where they are empty.
  static func declare(
    _ combinations: [[String]], inputs: [FieldInput],
    numbers: ([FieldInput], FieldInput) -> [Float], store: inout ParameterStore
  ) -> [Exclusion] {
    let combinations = combinations + triples(of: combinations)
    let named = Dictionary(inputs.map { ($0.name, $0) }) { first, _ in first }
    var declared: Set<[String]> = []
    return combinations.flatMap(directions).compactMap { direction in
      let sources = direction.sources.compactMap { named[$0] }
      guard let target = named[direction.target], sources.count == direction.sources.count,
        !target.isGiven, let columns = target.features.count,
        declared.insert(direction.sources + [direction.target]).inserted
      else { return nil }
      let rows = sources.reduce(1) { $0 * (($1.features.count ?? 0) + 1) }
      if sources.count == 2, rows * columns > mostNumbers { return nil }
      let own = numbers(sources, target)
      let path = (sources + [target]).map(\.pathName).joined(separator: ".")
      return Exclusion(
        sources: sources, target: target,
        table: store.declare(
          "combinations.\(path)", [rows, columns], own.isEmpty ? .zeros : .values(own)))
    }
  }

  /// The row of ``table`` for a level of each source.
  public func row(_ levels: [Int]) -> Int { Self.row(levels, of: sources) }

  /// The row of a table for a level of each source.
  public static func row(_ levels: [Int], of sources: [FieldInput]) -> Int {
    zip(levels, sources).reduce(0) { row, next in
      row * ((next.1.features.count ?? 0) + 1) + next.0
    }
  }

  /// Appends logits without those of excluded levels.
  ///
  /// - Shapes: `logits` `[batch, levels]`, each source's `levels` `[batch]`, or `[1]` for all rows alike.
  func callAsFunction(
    _ logits: Node, levels: [Node], strength: Double, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var rows = graph.read(table)
    if var index = levels.first {
      if levels.count == 2, let columns = sources[1].features.count {
        index = try graph.jointIndex(index, levels[1], columns: columns + 1)
      }
      rows = try graph.gather(rows, index)
    }
    let excluded = graph.scale(rows, by: -strength)
    guard graph.shape(of: excluded).rows < graph.shape(of: logits).rows else {
      return try graph.add(logits, excluded)
    }
    return try graph.addRow(logits, graph.reshape(excluded, [graph.shape(of: excluded).count]))
  }
}

extension ConditionalVAE {
  /// Which fields decide which others: `"occ10 decides prestg10"`, `"item and size decide price"`.
  public var decidedFields: [String] {
    (configuration.combinations ?? []).map { names in
      names.dropLast().joined(separator: " and ") + (names.count > 2 ? " decide " : " decides ")
        + (names.last ?? "")
    }
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
      let levels = exclusion.sources.compactMap { source -> Node? in
        if source.isGiven { return fields[source] }
        if let own = heads.firstIndex(where: { $0.input == source }), own < place,
          decoder.chain != nil
        {
          return before(own)
        }
        return roles.isMasked(source.field.name) ? fields[source.known] : nil
      }
      guard levels.count == exclusion.sources.count else { continue }
      output = try exclusion(output, levels: levels, strength: strength, in: &graph)
    }
    return output
  }
}
