import TensorGraph

/// Every operation, in the shapes and combinations that executors treat differently.
public enum OpCatalogue {
  /// All cases; names are unique.
  public static let cases: [OpCase] =
    elementwise + broadcasts + products + denseLayers + arrangements + reductions + rowwise
    + likelihoods + mixtures + samples + random + embeddings + recurrences + attentions + networks
    + convolutions
    + pictures
    + logistics

  /// The case of a name; nil where there is none.
  public static func named(_ name: String) -> OpCase? { cases.first { $0.name == name } }

  /// Odd and small shapes for every loop's head and tail, and one that is shared out to threads.
  static let matrixShapes: [Shape] = [[3, 5], [7, 1], [1, 9], [4, 33], [130, 70]]

  /// Both ends of what a sum or an activation may meet.
  static let far: [Double] = [-1000, -1, 0, 1, 1000]
}
