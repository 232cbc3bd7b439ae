import TensorGraph

/// A row of numbers for each level of a field.
///
/// Rows of fields with many levels are vectors of few numbers times a matrix that all levels share, so that what is
/// learned of one level serves others, and rare ones aren't learned by heart.
struct LevelRows: Sendable {
  private let table: Parameter
  private let projection: Parameter?

  /// Declares `<name>.weight` `[rows, outputs]`; with an embedding `<name>.embedding` `[rows, embedding]` and
  /// `<name>.weight` `[embedding, outputs]`.
  init(
    _ name: String, rows: Int, out outputs: Int, embedding: Int?, _ initializer: Initializer,
    store: inout ParameterStore
  ) {
    guard let embedding else {
      table = store.declare("\(name).weight", [rows, outputs], initializer)
      projection = nil
      return
    }
    table = store.declare("\(name).embedding", [rows, embedding], .uniform(fanIn: embedding))
    projection = store.declare("\(name).weight", [embedding, outputs], initializer)
  }

  /// Appends the rows of `indices`, `[batch, outputs]`.
  func callAsFunction(_ indices: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let rows = try graph.gather(graph.read(table), indices)
    guard let projection else { return rows }
    return try graph.matmul(rows, graph.read(projection))
  }
}
