import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// Sharpness, grids, and pictures that are told apart.
@Suite struct PictureQualityTests {
  private static let size = ImageSize(height: 4, width: 9, channels: 1)

  /// Rows that are all alike.
  private func picture(_ row: [Float]) -> [Float] {
    (0..<Self.size.height).flatMap { _ in row }
  }

  @Test func sharpnessIsTheSizeOfDifferences() {
    let real = PictureTexture(picture([0, 1, 0, 1, 0, 1, 0, 1, 0]), Self.size)
    let soft = PictureTexture(picture([0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0]), Self.size)
    #expect(abs(soft.report(real: real).sharpness - 0.5) < 1e-6)
    #expect(real.report(real: real).sharpness == 1)
    // 4 · 8 differences of 1 across and 3 · 9 of 0 down.
    #expect(abs(real.sharpness - (32.0 / 59).squareRoot()) < 1e-6)
    let down = PictureTexture(
      (0..<4).flatMap { [Float](repeating: $0 % 2 == 0 ? 0 : 1, count: 9) }, Self.size)
    #expect(abs(down.sharpness - (27.0 / 59).squareRoot()) < 1e-6)
  }

  @Test func gridsShowByColumn() throws {
    // Pairs of columns that are alike: every other difference is 0.
    let pairs = PictureTexture(picture([0, 0, 1, 1, 0, 0, 1, 1, 0]), Self.size)
    let grid = pairs.report(real: pairs).grid
    #expect(grid.map(\.modulus) == [2, 4])
    for period in grid { #expect(period.least == 0 && abs(period.largest - 2) < 1e-9) }
    let even = PictureTexture(picture([0, 1, 0, 1, 0, 1, 0, 1, 0]), Self.size)
    for period in even.report(real: even).grid {
      #expect(period.least == 1 && period.largest == 1)
    }
  }

  @Test func channelsAreNeighboursOfTheirOwn() {
    let size = ImageSize(height: 1, width: 3, channels: 3)
    let flat = PictureTexture([0, 0.5, 1, 0, 0.5, 1, 0, 0.5, 1], size)
    #expect(flat.sharpness == 0)
  }

  /// Noise can't be told from noise, and is told from stripes.
  @Test func aNetworkTellsPicturesApart() throws {
    let size = ImageSize(height: 8, width: 8, channels: 1)
    func noise(_ seed: UInt64, stripes: Float = 0) -> [Float] {
      let position = RandomPosition(seed: seed, step: 0)
      return (0..<120 * size.count).map { index in
        Float(
          position.uniform("noise", record: UInt32(index / size.count), column: index % size.count))
          + (index % 2 == 0 ? stripes : 0)
      }
    }
    func area(_ generated: [Float]) throws -> Estimate {
      try PictureDetection.areaUnderCurve(
        generated: generated, real: noise(1), size, seed: 1, executor: OneDNNExecutor())
    }
    let alike = try area(noise(2))
    let error = try #require(alike.standardError)
    #expect(abs(alike.mean - 0.5) < 4 * error, "\(alike)")
    let striped = try area(noise(3, stripes: 0.6))
    #expect(striped.mean > 0.95, "\(striped)")
  }
}
