import OneDNNExecution
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// Copies are found, and distances are those by hand.
@Suite struct MemorisationTests {
  private let others: [Float] = [0, 0, 3, 4, 1, 1, 6, 8, -1, 0]

  @Test(arguments: [0, 1])
  func distancesByHand(executor: Int) throws {
    let executors: [any Executor] = [ReferenceExecutor(), OneDNNExecutor()]
    let neighbours = NearestNeighbours(
      among: LabelledRows(others, width: 2, levels: [0, 0, 0, 0, 0]),
      executor: executors[executor])
    let distances = try neighbours.distances(of: [3, 4, 0, 2, 6, 5])
    #expect(distances == [0, 2.0.squareRoot(), 3])
  }

  /// More than one block, the last of which is not full.
  @Test func everyBlockIsSearched() throws {
    // In steps that float32 multiplies exactly.
    func number(_ index: Int) -> Float { Float(index - 2250) / 64 }
    let many = (0..<4500).map(number)
    let neighbours = NearestNeighbours(
      among: LabelledRows(many, width: 1, levels: [Int32](repeating: 0, count: 4500)),
      executor: OneDNNExecutor())
    let queries = [4499, 0, 2000, 3999, 5000].map(number)
    #expect(try neighbours.distances(of: queries) == [0, 0, 0, 0, 501.0 / 64])
  }

  @Test func copiesAreNearerThanRealPictures() {
    let test = (1...200).map { Double($0) }
    let copied = Memorisation(generated: [0, 0, 0, 50], test: test)
    #expect(copied.nearShare.mean == 0.75)
    #expect(copied.generated.mean == 12.5)
    #expect(copied.test.mean == 100.5)
    // One percent of the way from the first to the last of 200.
    #expect(abs(copied.nearDistance - 2.99) < 1e-9)
    let own = Memorisation(generated: test, test: test)
    #expect(abs(own.nearShare.mean - 0.01) < 1e-9)
  }
}
