/// How much of texts occurs in training texts.
public struct TextCopies: Hashable, Sendable, Encodable {
  /// What was found of some texts.
  public struct Shares: Hashable, Sendable, Encodable {
    /// Texts that equal a training text to the byte.
    public let whole: Estimate
    /// The mean share of a text's runs of ``TextCopies/runLength`` units that some training text has; of texts that are
    /// long enough, nil where none is.
    @NullIfUnknown public var runs: Estimate?
  }

  /// Units in a run.
  public let runLength: Int
  /// Of generated texts.
  public let generated: Shares
  /// Of held-out texts, which the model has never seen.
  public let test: Shares

  /// Looks for all runs of the texts in one pass over the training texts.
  init(
    generated: [String], test: [String], training: some Sequence<String>, units: TextUnit
  ) {
    let length = units.copiedRun
    let parts = [generated, test]
    let runs = parts.map { texts in
      texts.map { TextHash.runs(of: length, in: units.numbers(of: $0)) }
    }
    let wholes = parts.map { $0.map { Array($0.utf8) } }
    var (wantedRuns, wantedWholes) = (Set(runs.joined().joined()), Set(wholes.joined()))
    var (knownRuns, knownWholes): (Set<UInt64>, Set<[UInt8]>) = ([], [])
    for text in training {
      if let known = wantedWholes.remove(Array(text.utf8)) { knownWholes.insert(known) }
      for run in TextHash.runs(of: length, in: units.numbers(of: text)) {
        if let known = wantedRuns.remove(run) { knownRuns.insert(known) }
      }
    }
    let shares = zip(runs, wholes).map { runs, wholes in
      let copied = runs.filter { !$0.isEmpty }.map { own in
        Double(own.count { knownRuns.contains($0) }) / Double(own.count)
      }
      return Shares(
        whole: ClassifierScores.share(wholes.map { knownWholes.contains($0) }),
        runs: copied.isEmpty ? nil : Moments(copied).estimate)
    }
    runLength = length
    (self.generated, self.test) = (shares[0], shares[1])
  }
}
