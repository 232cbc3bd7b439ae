import CVAEGeneration
import Foundation
import TensorGraph

/// The scores of a batch of records.
struct ScoredBatch: Codable {
  let recognised: Recognised
  let scores: ImportanceScores
  /// Of the same records with the z of others.
  let exchanged: ImportanceScores?
}

/// Batches that several ranks score in turn. Every rank gets all scores, in the order of the batches, so that all have the
/// report that one process would have.
struct BatchSharing {
  private let communicator: (any Communicator)?

  /// One process alone where there is no communicator.
  init(_ communicator: (any Communicator)?) { self.communicator = communicator }

  /// Runs `score` for each batch on one of the ranks, and `collect` for each on all.
  func run<Batch, Other, Result: Codable>(
    _ batches: [(Batch, Other)], _ score: (Batch, Other) throws -> Result,
    collect: ((Batch, Other), Result) throws -> Void
  ) throws {
    guard let communicator, communicator.ranks > 1 else {
      for batch in batches { try collect(batch, score(batch.0, batch.1)) }
      return
    }
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    for first in stride(from: 0, to: batches.count, by: communicator.ranks) {
      let round = batches[first..<min(first + communicator.ranks, batches.count)]
      let own = first + communicator.rank
      let bytes =
        try round.indices.contains(own)
        ? Array(encoder.encode(score(batches[own].0, batches[own].1))) : []
      for (batch, bytes) in zip(round, try communicator.gather(bytes)) {
        try collect(batch, PropertyListDecoder().decode(Result.self, from: Data(bytes)))
      }
    }
  }
}
