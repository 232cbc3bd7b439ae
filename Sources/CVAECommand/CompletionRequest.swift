import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import PictureData
import RecordTypes
import TensorGraph

/// The pictures that `cvae complete` was asked to fill.
struct CompletionRequest {
  /// What decides which pixels are unknown.
  enum Mask {
    /// A mask drawn as a picture, in the file at this path.
    case picture(String)
    /// A kind, or several to draw from.
    case kinds([MaskKind])
    /// The pictures' own transparency.
    case transparency

    init(_ text: String?) throws {
      guard let text else {
        self = .transparency
        return
      }
      let isFile = PictureName.isPicture(text) || text.contains("/")
      self = isFile ? .picture(text) : .kinds(try MaskArgument.kinds(text))
    }
  }

  let field: Field
  let size: ImageSize
  /// What is known of each picture.
  let pictures: [PartialPicture]
  /// The known pixels and other known fields of each.
  let conditions: Conditions
  /// The records' numbers, which address the random numbers.
  let numbers: [Int32]
  /// What each record is called.
  let labels: [String]
  /// Whether the unknown pixels' true values are known.
  let showsTruth: Bool

  /// Picture files.
  init(files: [String], mask: Mask, given: [String], seed: UInt64, model: TrainedModel) throws {
    (field, size) = try model.completedField()
    let pictures = try files.map { [size] in try PartialPicture.read($0, size: size) }
    if case .transparency = mask { showsTruth = false } else { showsTruth = true }
    let numbers = (0..<Int32(files.count)).map { $0 }
    let values = try Self.values(given, model: model)
    self.numbers = numbers
    self.pictures = try Self.masked(pictures, mask, numbers, field, seed: seed, model)
    conditions = try Conditions(values, count: files.count, model: model)
      .giving(field, RecordColumn(self.pictures, size: size))
    let names = files.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    let areDistinct = Set(names).count == names.count
    labels = names.enumerated().map { areDistinct ? $1 : "\($0 + 1) \($1)" }
    for (file, picture) in zip(files, self.pictures) where !picture.hasUnknown {
      throw InvalidRequest(
        "\(file): expected unknown pixels, got none; make them transparent, or name them with "
          + "--mask, for example --mask bottom-left.")
    }
  }

  /// Records of a data set; their own given fields are known, unless `given` says otherwise.
  init(
    data: DataSet, numbers: [Int32], mask: Mask, given: [String], seed: UInt64,
    model: TrainedModel
  ) throws {
    (field, size) = try model.completedField()
    if case .transparency = mask {
      throw InvalidRequest(
        "\(data.source): expected --mask, as these pictures are whole; name what is given, for "
          + "example --mask bottom-left.")
    }
    let column = try data.schema.index(of: field.name)
    let found = data.schema.fields[column]
    guard found.kind == field.kind, case .bytes(let bytes) = data.columns[column].values else {
      throw TrainingFailure.fieldDiffers(
        field: field.name, expected: field.kind.summary, actual: found.kind.summary)
    }
    let whole = Bitmap(repeating: true, count: field.cells.count)
    let pictures = numbers.map { [size] number in
      PartialPicture(
        size: size, bytes: Array(bytes[Int(number) * size.count..<(Int(number) + 1) * size.count]),
        known: whole)
    }
    let values = try Self.values(given, model: model)
    self.numbers = numbers
    self.pictures = try Self.masked(pictures, mask, numbers, field, seed: seed, model)
    conditions = try Conditions(records: numbers, of: data, replacing: values, model: model)
      .giving(field, RecordColumn(self.pictures, size: size))
    labels = numbers.map { "record \($0)" }
    showsTruth = true
    if case .picture(let path) = mask,
      self.pictures.contains(where: { !$0.hasUnknown })
    {
      throw InvalidRequest(
        "\(path): expected a mask with black pixels, which will be filled, got none.")
    }
    if let index = self.pictures.firstIndex(where: { !$0.hasUnknown }) {
      throw InvalidRequest(
        "--mask: expected unknown pixels, got none for record \(numbers[index]); name a mask that hides some."
      )
    }
  }

  private static func masked(
    _ pictures: [PartialPicture], _ mask: Mask, _ numbers: [Int32], _ field: Field, seed: UInt64,
    _ model: TrainedModel
  ) throws -> [PartialPicture] {
    switch mask {
    case .transparency: return pictures
    case .picture(let path):
      let drawn = try MaskPicture.read(path, grid: field.cells)
      return pictures.map { $0.masked(by: drawn) }
    case .kinds(let kinds):
      let masks = MaskDistribution(kinds)
      let position = RandomPosition(seed: seed, step: 0)
      return zip(pictures, numbers).map { picture, number in
        picture.masked(
          by: masks.mask(of: field, in: model.model, record: number, at: position))
      }
    }
  }

  private static func values(
    _ given: [String], model: TrainedModel
  ) throws -> [String: GivenValue] {
    var values: [String: GivenValue] = [:]
    for argument in try GenerationRequest.parse(
      given, known: model.schema.fields.map(\.name))
    {
      try Conditions.check(argument.fieldName, model: model)
      let value = try argument.value(for: model)
      guard value != .every else {
        throw InvalidGiven(
          place: "'\(argument.fieldName)'", expected: "one value for all pictures", actual: "'*'")
      }
      values[argument.fieldName] = value
    }
    return values
  }

  /// Each picture's answers, `[records][samples]`, each `[height, width, channels]`. Known pixels are those of
  /// the input, to the byte; the others are the expected values of an answer.
  func answers(
    _ generator: Generator, samples: Int, seed: UInt64, temperature: Double
  ) throws -> [[[UInt8]]] {
    var request = DrawRequest(conditions, seed: seed)
    request.numbers = numbers
    request.samples = samples
    request.temperature = temperature
    let drawn = try generator.draw(request).map { answer -> [UInt8] in
      guard case .bytes(let bytes)? = answer.records[field.name]?.values else { return [] }
      return Array(bytes)
    }
    return numbers.indices.map { record in
      drawn.map { Array($0[record * size.count..<(record + 1) * size.count]) }
    }
  }
}
