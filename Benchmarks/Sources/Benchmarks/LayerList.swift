import TensorGraph

/// The layers of a network, read off the program that trains it, so that what is printed is what
/// runs.
enum LayerList {
  /// One line for each layer, in the order of execution: name, kernel, channels, stride, extents.
  static func lines(of program: Program) -> [String] {
    let graph = program.graph
    return graph.entries.compactMap { entry in
      switch entry.operation {
      case .convolution(let window):
        let weight = graph[entry.operands[1]]
        guard case .parameter(let name) = weight.operation else { return nil }
        let kernel = weight.shape.dimensions
        return "\(layer(name)): convolution \(kernel[0]) × \(kernel[1]), "
          + "\(kernel[2]) → \(kernel[3]) channels, stride \(window.stride), "
          + "\(extent(graph.shape(of: entry.operands[0]))) → \(extent(entry.shape)) pixels"
      case .matmul(transposeLeft: false, transposeRight: false):
        let weight = graph[entry.operands[1]]
        guard case .parameter(let name) = weight.operation else { return nil }
        return "\(layer(name)): dense, \(weight.shape.rows) → \(weight.shape.columns)"
      case .gather:
        let table = graph[entry.operands[0]]
        guard case .parameter(let name) = table.operation else { return nil }
        return "\(layer(name)): table, \(table.shape.rows) levels → \(table.shape.columns)"
      case .upsample(let factor, .nearest):
        return "nearest up-sampling by \(factor) to \(extent(entry.shape)) pixels"
      default: return nil
      }
    }
  }

  /// A parameter's path without its last part.
  private static func layer(_ parameter: String) -> String {
    parameter.split(separator: ".").dropLast().joined(separator: ".")
  }

  /// Height and width of pictures `[batch, height, width, channels]`.
  private static func extent(_ shape: Shape) -> String {
    "\(shape.dimensions[1]) × \(shape.dimensions[2])"
  }
}
