/// How the pixels along one axis become fewer or more: for each new one, a run of old ones and
/// their weights.
///
/// Shrinking averages what a new pixel covers, each old one by the part of it that is covered;
/// enlarging interpolates linearly between the centres. At equal extents every pixel stays.
struct AxisResampling {
  /// For each new pixel, the first old one that counts, relative to ``used``.
  let starts: [Int]
  /// For each new pixel, its old ones' weights.
  let weights: [[Float]]
  /// For each new pixel, the sum of its weights.
  let sums: [Float]
  /// The old pixels that count.
  let used: Range<Int>

  /// - Parameters:
  ///   - extent: the old pixels.
  ///   - start: where the part to keep begins, in old pixels.
  ///   - length: its length, in old pixels; within the extent.
  ///   - count: the new pixels.
  init(extent: Int, start: Int, length: Double, count: Int) {
    let step = length / Double(count)
    var firsts: [Int] = []
    var weights: [[Float]] = []
    for index in 0..<count {
      var first: Int
      var run: [Double] = []
      if step >= 1 {
        let low = Double(start) + Double(index) * step
        let high = min(low + step, Double(extent))
        first = Int(low)
        for pixel in first..<max(first + 1, Int(high.rounded(.up))) where pixel < extent {
          run.append(min(high, Double(pixel + 1)) - max(low, Double(pixel)))
        }
      } else {
        let center = Double(start) + (Double(index) + 0.5) * step - 0.5
        let below = center.rounded(.down)
        first = Int(below)
        run = [1 - (center - below), center - below]
        // Beyond the edge the picture continues with its last pixel.
        if first < 0 { (first, run) = (0, [1]) }
        if first + 1 >= extent { (first, run) = (extent - 1, [1]) }
      }
      // A remainder of rounding at either end would count a pixel that isn't covered.
      while run.count > 1, let last = run.last, last < 1e-6 { run.removeLast() }
      while run.count > 1, let leading = run.first, leading < 1e-6 {
        run.removeFirst()
        first += 1
      }
      firsts.append(first)
      weights.append(run.map { Float($0) })
    }
    let low = firsts.min() ?? 0
    used = low..<(zip(firsts, weights).map { $0 + $1.count }.max() ?? low)
    starts = firsts.map { $0 - low }
    self.weights = weights
    sums = weights.map { $0.reduce(0, +) }
  }
}
