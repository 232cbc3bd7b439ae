/// Grows trees leaf by leaf, the one that gains most first, from histograms of derivatives.
///
/// The histogram of the larger of two new leaves is their parent's less that of the smaller one.
///
/// - Source: Ke et al., *LightGBM: A Highly Efficient Gradient Boosting Decision Tree*, 2017.
struct TreeGrower {
  private struct Leaf {
    let node: Int
    /// Its rows, as a range of ``order``.
    let rows: Range<Int>
    let total: GradientSum
    /// The number of its histogram.
    let histogram: Int
    let split: TreeSplit?
  }

  private let rows: BinnedRows
  private let search: SplitSearch
  private let settings: BoostingSettings
  /// All rows, those of a leaf together.
  private var order: [Int32]
  private var aside: [Int32]
  /// One for each leaf.
  private var histograms: [GradientSum]

  init(_ rows: BinnedRows, bins: FeatureBins, settings: BoostingSettings) {
    self.rows = rows
    self.settings = settings
    search = SplitSearch(bins, settings)
    order = []
    aside = [Int32](repeating: 0, count: rows.count)
    histograms = [GradientSum](
      repeating: GradientSum(), count: settings.leaves * (search.starts.last ?? 0))
  }

  /// A tree for the rows' derivatives; its answers, which are shrunken, are added to `scores`.
  mutating func grow(
    _ derivatives: UnsafeBufferPointer<GradientSum>, scores: UnsafeMutableBufferPointer<Double>
  ) -> RegressionTree {
    order = (0..<Int32(rows.count)).map { $0 }
    var tree = RegressionTree(nodes: [RegressionTree.Node()])
    fill(0, with: order.indices, derivatives)
    let total = derivatives.reduce(into: GradientSum()) { $0 += $1 }
    var leaves = [leaf(node: 0, rows: order.indices, total: total, histogram: 0)]
    while leaves.count < settings.leaves {
      let gains = leaves.map { $0.split?.gain ?? 0 }
      guard let best = gains.indices.max(by: { gains[$0] < gains[$1] }),
        let split = leaves[best].split
      else { break }
      let parent = leaves[best]
      tree.nodes[parent.node].split = split
      tree.nodes[parent.node].children = tree.nodes.count
      tree.nodes += [RegressionTree.Node(), RegressionTree.Node()]
      let (left, right) = divide(
        parent, split, firstNode: tree.nodes.count - 2, newHistogram: leaves.count, derivatives)
      leaves[best] = left
      leaves.append(right)
    }
    for leaf in leaves {
      let value = leaf.total.value(penalty: settings.penalty) * settings.shrinkage
      tree.nodes[leaf.node].value = value
      for row in order[leaf.rows] { scores[Int(row)] += value }
    }
    return tree
  }

  private mutating func divide(
    _ parent: Leaf, _ split: TreeSplit, firstNode: Int, newHistogram: Int,
    _ derivatives: UnsafeBufferPointer<GradientSum>
  ) -> (Leaf, Leaf) {
    let middle = partition(parent.rows, split)
    let left = parent.rows.lowerBound..<middle
    let right = middle..<parent.rows.upperBound
    let leftIsSmaller = left.count < right.count
    let small = leftIsSmaller ? left : right
    let smallTotal = fill(newHistogram, with: small, derivatives)
    subtract(newHistogram, from: parent.histogram)
    let largeTotal = parent.total - smallTotal
    return (
      leaf(
        node: firstNode, rows: left, total: leftIsSmaller ? smallTotal : largeTotal,
        histogram: leftIsSmaller ? newHistogram : parent.histogram),
      leaf(
        node: firstNode + 1, rows: right, total: leftIsSmaller ? largeTotal : smallTotal,
        histogram: leftIsSmaller ? parent.histogram : newHistogram)
    )
  }

  private mutating func leaf(
    node: Int, rows: Range<Int>, total: GradientSum, histogram: Int
  ) -> Leaf {
    let (search, places) = (search, place(histogram))
    let split = histograms.withUnsafeMutableBufferPointer { all in
      search.best(
        in: UnsafeMutableBufferPointer(rebasing: all[places]), total: total, rows: rows.count)
    }
    return Leaf(node: node, rows: rows, total: total, histogram: histogram, split: split)
  }

  private func place(_ histogram: Int) -> Range<Int> {
    let size = search.starts.last ?? 0
    return histogram * size..<(histogram + 1) * size
  }
}

extension TreeGrower {
  /// Sums derivatives by bin over some rows, and over all bins.
  @discardableResult
  private mutating func fill(
    _ histogram: Int, with range: Range<Int>, _ derivatives: UnsafeBufferPointer<GradientSum>
  ) -> GradientSum {
    let places = place(histogram)
    let (starts, width) = (search.starts, rows.width)
    let (bins, order) = (rows.values, order)
    return histograms.withUnsafeMutableBufferPointer { all in
      let sums = UnsafeMutableBufferPointer(rebasing: all[places])
      sums.update(repeating: GradientSum())
      return bins.withUnsafeBufferPointer { bins in
        order.withUnsafeBufferPointer { order in
          starts.withUnsafeBufferPointer { starts in
            var total = GradientSum()
            for place in range {
              let row = Int(order[place])
              let derivative = derivatives[row]
              total += derivative
              let first = row &* width
              for feature in 0..<width {
                sums[starts[feature] &+ Int(bins[first &+ feature])] += derivative
              }
            }
            return total
          }
        }
      }
    }
  }

  private mutating func subtract(_ histogram: Int, from other: Int) {
    let (own, others) = (place(histogram), place(other))
    histograms.withUnsafeMutableBufferPointer { all in
      let sums = UnsafeMutableBufferPointer(rebasing: all[own])
      let rest = UnsafeMutableBufferPointer(rebasing: all[others])
      for place in sums.indices { rest[place] = rest[place] - sums[place] }
    }
  }

  /// Puts the rows that go left first, in the same order otherwise, and answers where the others
  /// begin.
  private mutating func partition(_ range: Range<Int>, _ split: TreeSplit) -> Int {
    var (left, right) = (range.lowerBound, 0)
    for place in range {
      let row = order[place]
      if split.left.contains(rows.values[Int(row) * rows.width + split.feature]) {
        order[left] = row
        left += 1
      } else {
        aside[right] = row
        right += 1
      }
    }
    for place in 0..<right { order[left + place] = aside[place] }
    return left
  }
}
