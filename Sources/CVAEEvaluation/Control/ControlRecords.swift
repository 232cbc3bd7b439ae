import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// The records that control is judged with: those whose level is known, of the model's own splits,
/// or where the model hasn't seen the data, of splits like them.
struct ControlRecords {
  let data: DataSet
  let train: [Int32]
  let test: [Int32]
  /// Whether `train` is what the model has learned from.
  let areTheModels: Bool
  /// What the split was made with.
  let splitSeed: UInt64
  let validation: Double
  /// Levels that training records have, in the category's order.
  let levels: [Int32]
  private let image: Int
  private let category: Int
  private let known: [Int32]

  init(_ data: DataSet, subject: ControlSubject, model: TrainedModel) throws {
    image = try data.schema.index(of: subject.image.name)
    category = try data.schema.index(of: subject.category.name)
    for (index, wanted) in [(image, subject.image), (category, subject.category)] {
      let found = data.schema.fields[index]
      guard found.kind == wanted.kind else {
        throw TrainingFailure.fieldDiffers(
          field: found.name, expected: wanted.kind.summary, actual: found.kind.summary)
      }
    }
    let column = data.columns[category]
    let known = column.levels
    let own = model.split(of: data)
    validation = own == nil ? 0 : model.provenance.validation
    splitSeed = model.provenance.splitSeed
    let split = own ?? DataSplit(data, seed: splitSeed, validation: 0)
    self.data = data
    self.known = known
    areTheModels = own != nil
    train = split.train.filter { column.isKnown(Int($0)) }
    test = split.test.filter { column.isKnown(Int($0)) }
    for (name, part, needed) in [("training", train, 2), ("test", test, 4)]
    where part.count < needed {
      throw ControlFailure.tooFewRecords(
        split: name, field: subject.category.name, count: part.count, needed: needed)
    }
    levels = Set(train.map { known[Int($0)] }).sorted()
  }

  /// Records' pictures and levels.
  func pictures(_ records: [Int32]) -> LabelledRows {
    LabelledRows(data, image: image, category: category, records: records)
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
