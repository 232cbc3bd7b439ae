import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// The records that a model is judged with: those of its own splits, or where it hasn't seen the data, of splits like
/// them.
struct JudgedSplit {
  let train: [Int32]
  let test: [Int32]
  /// Whether `train` is what the model has learned from.
  let areTheModels: Bool
  /// What the split was made with.
  let seed: UInt64
  let validation: Double

  init(_ data: DataSet, model: TrainedModel) {
    let own = model.split(of: data)
    seed = model.provenance.splitSeed
    validation = own == nil ? 0 : model.provenance.validation
    let split = own ?? DataSplit(data, seed: seed, validation: 0)
    areTheModels = own != nil
    (train, test) = (split.train, split.test)
  }
}

/// The records that control is judged with: those whose level is known.
struct ControlRecords {
  let data: DataSet
  let train: [Int32]
  let test: [Int32]
  /// Where they are from.
  let split: JudgedSplit
  /// Levels that training records have, in the category's order.
  let levels: [Int32]
  private let content: Int
  private let category: Int
  private let known: [Int32]

  /// - Parameter content: What is judged: an image or a text, which training and test records have.
  init(_ data: DataSet, content: Field, category: Field, model: TrainedModel) throws {
    self.content = try data.schema.index(of: content.name)
    self.category = try data.schema.index(of: category.name)
    for (index, wanted) in [(self.content, content), (self.category, category)] {
      let found = data.schema.fields[index]
      guard found.kind == wanted.kind else {
        throw TrainingFailure.fieldDiffers(
          field: found.name, expected: wanted.kind.summary, actual: found.kind.summary)
      }
    }
    let (texts, column) = (data.columns[self.content], data.columns[self.category])
    let known = column.levels
    let split = JudgedSplit(data, model: model)
    self.data = data
    self.known = known
    self.split = split
    func isJudged(_ record: Int32) -> Bool {
      column.isKnown(Int(record)) && (!content.isText || texts.isKnown(Int(record)))
    }
    train = split.train.filter(isJudged)
    test = split.test.filter(isJudged)
    for (name, part, needed) in [("training", train, 2), ("test", test, 4)]
    where part.count < needed {
      throw ControlFailure.tooFewRecords(
        split: name, field: category.name, count: part.count, needed: needed)
    }
    levels = Set(train.map { known[Int($0)] }).sorted()
  }

  /// Records' pictures and levels.
  func pictures(_ records: [Int32]) -> LabelledRows {
    LabelledRows(data, image: content, category: category, records: records)
  }

  /// Records' texts.
  func texts(_ records: [Int32]) -> [String] {
    let texts = data.columns[content].texts
    return records.map { texts.string(of: Int($0)) }
  }

  /// The records' levels.
  func levels(of records: [Int32]) -> [Int32] { records.map { known[Int($0)] } }

  /// At most `count` of the records, drawn by `seed` and in that random order.
  static func sample(
    _ records: [Int32], count: Int, purpose: String, seed: UInt64
  ) -> [Int32] {
    RandomPosition(seed: seed, step: 0)
      .permutation(RandomPurpose("evaluation " + purpose), count: records.count)
      .prefix(count).map { records[Int($0)] }
  }
}
