import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

/// Texts of two letters, one of which is their level's, and models of them.
struct LetterTexts {
  static let longest = 4
  static let text = Field(
    name: "text", kind: FieldKind(TextKind(longest: longest, tokens: .bytes)))
  static let level = Field(name: "level", kind: .category(levels: ["<a>", "b"]))
  static let schema = RecordSchema(trusting: [text, level])

  /// Records of two levels in turn, of which the last `test` are for testing: four letters each, at least one of which
  /// is the level's, `a` or `b`, and the others are `c`.
  static func data(
    _ count: Int = 120, test: Int = 60, salt: Int = 0, testLevels: [Int32] = [0, 1]
  ) throws -> DataSet {
    let texts = (0..<count).map { record in
      let pattern = (record / 2 + salt) % 15
      return (0..<longest).map { place in
        pattern >> place & 1 == 1 ? "c" : record % 2 == 0 ? "a" : "b"
      }.joined()
    }
    let levels = (0..<count).map { record in
      record < count - test ? Int32(record % 2) : testLevels[record % 2]
    }
    return try DataSet(
      schema: schema, columns: [.texts(texts), .levels(levels)],
      ownTest: count - test..<count, source: "letters")
  }

  /// A model of both fields, of which any may be given, with its first weights.
  static func rowModel(of data: DataSet) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [3]
    configuration.decoder.columns = [4]
    configuration.text.embedding = 2
    configuration.text.reader = 2
    configuration.text.writer = 4
    return try TrainedModel.fixture(
      schema: schema, given: ["any"], configuration,
      preprocessing: Preprocessing.fit(data, on: (0..<Int32(data.count)).map { $0 }),
      acceptsMissing: true
    ).trained(on: data)
  }

  /// A model that writes four letters: each is `c` with a probability of 0.43, else the level's, if it `obeys`, or `a`.
  /// z says nothing.
  static func model(of data: DataSet, obeys: Bool = true) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.recognition.hidden = []
    configuration.prior.kind = .standard
    configuration.text.embedding = 2
    configuration.text.reader = 2
    configuration.text.writer = 2
    let vocabulary = 257
    var tokens = [Double](repeating: 0, count: vocabulary * 2)
    var bias = [Double](repeating: -40, count: vocabulary)
    for (place, letter) in [97, 98].enumerated() {
      tokens[letter * 2 + place] = 1
      bias[letter] = -20
    }
    bias[99] = -0.3
    let letterOfA: [Double] = [20, 0]
    return try TrainedModel.fixture(
      schema: schema, given: ["level"], configuration,
      preprocessing: Preprocessing.fit(data, on: (0..<Int32(data.count)).map { $0 }),
      values: [
        "tokens.257": tokens, "decoder.text.bias": bias,
        "decoder.text.output": [Double](repeating: 0, count: 4),
        "decoder.text.shift.weight": [0, 0], "decoder.text.shift.bias": [0, 0],
        "decoder.text.shift.level.weight": obeys ? letterOfA + [0, 20] : letterOfA + letterOfA,
      ]
    ).trained(on: data)
  }
}
