public import CVAEModels
public import RecordTypes
public import TensorGraph

/// Draws masks: each of its kinds with equal probability, addressed by (seed, step, record).
///
/// A mask is 1 in the cells that are given, 0 in those to fill, of which there is at least one, and -1 in those of
/// rows that take no part.
public struct MaskDistribution: Hashable, Sendable {
  /// The kinds that are drawn from; a kind that is listed twice is drawn twice as often.
  public let kinds: [MaskKind]

  /// Draws from `kinds`; if it is empty, nothing is given.
  public init(_ kinds: [MaskKind]) { self.kinds = kinds.isEmpty ? [.none] : kinds }

  /// The number in a mask for a cell that is neither given nor to fill.
  static let hidden: Float = -1

  /// Nothing is given.
  public static let nothingGiven = MaskDistribution([.none])

  /// As it is written: `blocks,halves`.
  public var name: String { kinds.map(\.rawValue).joined(separator: ",") }

  /// Writes one record's mask. Nothing is allocated.
  ///
  /// - Parameters:
  ///   - grid: What the cells are arranged in.
  ///   - draws: The record's random numbers.
  ///   - cells: As many as the grid has, row-major.
  ///   - given: A cell that is given in any case.
  func fill(
    _ cells: UnsafeMutableBufferPointer<Float>, _ grid: CellGrid, _ draws: MaskDraws,
    given: Int? = nil
  ) {
    precondition(cells.count == grid.count, "A mask has one number for each cell.")
    let kind = kinds[draws.index(0, below: kinds.count)]
    switch kind {
    case .blocks: fillBlocks(cells, grid, draws)
    case .quadrants:
      fillQuadrants(cells, grid) { draws.uniform(1 + $0) < 0.5 }
    case .halves:
      let side = draws.index(1, below: 4)
      fillQuadrants(cells, grid) { side < 2 ? ($0 / 2 == side) : ($0 % 2 == side - 2) }
    case .scattered: fillScattered(cells, rate: draws.uniform(1), draws)
    case .few:
      cells.update(repeating: 0)
      for place in 0...draws.index(1, below: min(3, cells.count)) {
        cells[draws.index(4 + place, below: cells.count)] = 1
      }
    case .sparse:
      fillScattered(cells, rate: draws.uniform(1), draws)
      let rate = draws.uniform(2)
      for cell in cells.indices
      where cells[cell] == 0 && draws.uniform(Self.secondDraws + cell) < rate {
        cells[cell] = Self.hidden
      }
    default: fillQuadrants(cells, grid) { kind.gives(quadrant: $0) ?? false }
    }
    if let given { cells[given] = 1 }
    guard !cells.contains(0) else { return }
    var place = draws.index(Self.lastResort, below: cells.count)
    if place == given { place = (place + 1) % cells.count }
    cells[place] = 0
  }

  /// The first of the random numbers that hide cells.
  private static let secondDraws = 1 << 30

  /// The random number that picks a cell to fill where a mask left none, behind all others.
  private static let lastResort = 1 << 31

  /// `isGiven` answers for the quadrants top left, top right, bottom left, bottom right.
  private func fillQuadrants(
    _ cells: UnsafeMutableBufferPointer<Float>, _ grid: CellGrid, _ isGiven: (Int) -> Bool
  ) {
    let (middle, center) = (grid.height / 2, grid.width / 2)
    cells.update(repeating: 0)
    for quadrant in 0..<4 where isGiven(quadrant) {
      let rows = quadrant < 2 ? 0..<middle : middle..<grid.height
      let columns = quadrant % 2 == 0 ? 0..<center : center..<grid.width
      fillRectangle(cells, grid, rows, columns, with: 1)
    }
  }

  /// Extents are uniform from 1 to the grid's, places uniform where the rectangle fits.
  private func fillBlocks(
    _ cells: UnsafeMutableBufferPointer<Float>, _ grid: CellGrid, _ draws: MaskDraws
  ) {
    let isHole = draws.uniform(1) < 0.5
    cells.update(repeating: isHole ? 1 : 0)
    for block in 0...draws.index(3, below: 3) {
      let first = 4 + 4 * block
      let height = 1 + draws.index(first, below: grid.height)
      let width = 1 + draws.index(first + 1, below: grid.width)
      let top = draws.index(first + 2, below: grid.height - height + 1)
      let left = draws.index(first + 3, below: grid.width - width + 1)
      fillRectangle(
        cells, grid, top..<top + height, left..<left + width, with: isHole ? 0 : 1)
    }
  }

  private func fillScattered(
    _ cells: UnsafeMutableBufferPointer<Float>, rate: Double, _ draws: MaskDraws
  ) {
    // Cells start at the second block of four random numbers.
    var start = 0
    while start < cells.count {
      let four = draws.four(1 + start / 4)
      for lane in 0..<min(4, cells.count - start) {
        cells[start + lane] = Philox.uniform(four[lane]) < rate ? 1 : 0
      }
      start += 4
    }
  }

  private func fillRectangle(
    _ cells: UnsafeMutableBufferPointer<Float>, _ grid: CellGrid, _ rows: Range<Int>,
    _ columns: Range<Int>, with value: Float
  ) {
    for row in rows {
      let start = row * grid.width
      cells.extracting(start + columns.lowerBound..<start + columns.upperBound)
        .update(repeating: value)
    }
  }
}

/// One record's random numbers for its mask.
struct MaskDraws {
  let position: RandomPosition
  let purpose: RandomPurpose
  let record: UInt32

  func four(_ block: Int) -> SIMD4<UInt32> {
    position.words(purpose, record: record, block: UInt32(block))
  }

  /// In (0, 1).
  func uniform(_ column: Int) -> Double { Philox.uniform(four(column / 4)[column % 4]) }

  /// In `0..<count`.
  func index(_ column: Int, below count: Int) -> Int { Int(uniform(column) * Double(count)) }
}

extension MaskDistribution {
  /// One record's mask of a model's field: a bit for each cell that is given.
  ///
  /// - Parameter position: A run with that seed sees the mask at that step.
  public func mask(
    of field: Field, in model: ConditionalVAE, record: Int32, at position: RandomPosition
  ) -> Bitmap {
    var cells = [Float](repeating: 0, count: field.cells.count)
    let purpose =
      model.inputs.first { $0.name == field.name }.map { model.purpose(.mask, of: $0) }
      ?? RandomPurpose("mask \(field.name)")
    let draws = MaskDraws(
      position: position, purpose: purpose, record: UInt32(bitPattern: record))
    cells.withUnsafeMutableBufferPointer { fill($0, field.cells, draws) }
    return Bitmap(cells.map { $0 == 1 })
  }
}

extension TrainingConfiguration {
  /// The masks that hide pixels, or fields of rows, under `given: any`.
  public func maskDistribution(for model: ConditionalVAE) -> MaskDistribution {
    MaskDistribution(masks ?? (model.masksRows ? MaskKind.ofRows : MaskKind.usual))
  }
}
