/// A tree of splits whose leaves hold numbers.
struct RegressionTree {
  struct Node {
    /// Divides the rows; nil for a leaf.
    var split: TreeSplit?
    /// The node of rows that go left; the next one is for those that go right.
    var children = 0
    /// A leaf's number.
    var value = 0.0
  }

  /// The first is the root.
  var nodes: [Node]

  /// The number of the leaf that a row falls in, `bins` being the row's.
  func value(_ bins: UnsafePointer<UInt8>) -> Double {
    var node = nodes[0]
    while let split = node.split {
      node = nodes[node.children + (split.left.contains(bins[split.feature]) ? 0 : 1)]
    }
    return node.value
  }
}
