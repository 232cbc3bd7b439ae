extension TrainingConfiguration {
  /// The most threads, far more than processors have.
  public static let mostThreads = 1024
  /// The most epochs, and the most records of a batch: the number of steps can't overflow.
  public static let most = 1_000_000_000
  /// The most members of a group that a step reads.
  private static let mostMembers = 1000

  /// One sentence for each setting out of its range; empty if there is none.
  public var mistakes: [String] {
    var found = Mistakes()
    found.require("batch", batch, "at least 1") { $0 >= 1 }
    found.require("batch", batch, "at most \(Self.most)") { $0 <= Self.most }
    found.require("epochs", epochs, "at least 1") { $0 >= 1 }
    found.require("epochs", epochs, "at most \(Self.most)") { $0 <= Self.most }
    found.require("optimizer.learningRate", optimizer.learningRate, "above 0") { $0 > 0 }
    found.require("optimizer.beta1", optimizer.beta1, "at least 0 and below 1", (0..<1).contains)
    found.require("optimizer.beta2", optimizer.beta2, "at least 0 and below 1", (0..<1).contains)
    found.require("optimizer.epsilon", optimizer.epsilon, "above 0") { $0 > 0 }
    found.require("optimizer.weightDecay", optimizer.weightDecay, "at least 0") { $0 >= 0 }
    found.require("schedule.warmupSteps", schedule.warmupSteps, "at least 0") { $0 >= 0 }
    found.require("schedule.finalShare", schedule.finalShare, "from 0 to 1", (0...1).contains)
    switch klWeight {
    case .constant(let value):
      found.require("klWeight.value", value, "at least 0") { $0 >= 0 }
    case .linear(let from, let to, let epochs):
      found.require("klWeight.from", from, "at least 0") { $0 >= 0 }
      found.require("klWeight.to", to, "at least 0") { $0 >= 0 }
      found.require("klWeight.epochs", epochs, "at least 1") { $0 >= 1 }
    }
    found.require("freeBits", freeBits, "at least 0") { $0 >= 0 }
    if let averaging {
      found.require("averaging", averaging, "from 0, and below 1") { $0 >= 0 && $0 < 1 }
    }
    if let freeBitsUntil {
      found.require("freeBitsUntil", freeBitsUntil, "at least 1") { $0 >= 1 }
    }
    if let gradientClip { found.require("gradientClip", gradientClip, "above 0") { $0 > 0 } }
    found.require("validation", validation, "at least 0 and below 1", (0..<1).contains)
    found.require("groups.sources", groups.sources, "at least 1") { $0 >= 1 }
    found.require("groups.targets", groups.targets, "at least 1") { $0 >= 1 }
    found.require("groups.sources", groups.sources, "at most \(Self.mostMembers)") {
      $0 <= Self.mostMembers
    }
    found.require("groups.targets", groups.targets, "at most \(Self.mostMembers)") {
      $0 <= Self.mostMembers
    }
    if let earlyStopping {
      found.require("earlyStopping.patience", earlyStopping.patience, "at least 1") { $0 >= 1 }
      if validation == 0 {
        found.sentences.append(
          "early stopping needs a validation split; set training.validation above 0, "
            + "or leave training.earlyStopping out.")
      }
    }
    found.require(
      "conditionDropout", conditionDropout, "at least 0 and below 1", (0..<1).contains)
    if let masks, masks.isEmpty {
      found.sentences.append("training.masks must name at least one mask, got none.")
    }
    if let threads {
      found.require("threads", threads, "at least 1") { $0 >= 1 }
      found.require("threads", threads, "at most \(Self.mostThreads)") { $0 <= Self.mostThreads }
    }
    found.require("checkpointEvery", checkpointEvery, "at least 1") { $0 >= 1 }
    return found.sentences
  }
}

/// Collects sentences on settings out of their range.
private struct Mistakes {
  var sentences: [String] = []

  mutating func require(_ key: String, _ value: Int, _ range: String, _ fits: (Int) -> Bool) {
    if !fits(value) { sentences.append("training.\(key) must be \(range), got \(value).") }
  }

  /// Values that aren't a number, or are infinite in the networks' float32, never fit.
  mutating func require(
    _ key: String, _ value: Double, _ range: String, _ fits: (Double) -> Bool
  ) {
    if value.isFinite, !Float(value).isFinite {
      sentences.append("training.\(key) must be a number that float32 can hold, got \(value).")
    } else if !value.isFinite || !fits(value) {
      sentences.append("training.\(key) must be \(range), got \(value).")
    }
  }
}
