import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import TensorFiles
import TensorGraph

/// A CVAE of texts under a label with its first weights. The texts are of words that syllables make, a few of them
/// frequent and most rare.
struct TextFixture {
  static let lengths = 17...24
  static let steps = 24
  static let batch = 64
  static let vocabulary = 2048
  static let hidden = 256
  private static let batches = 24
  private static let levels = 30

  let fixture: Fixture
  /// Records with texts of so many tokens.
  let records: [Int32]
  /// The folder of the table and of ``pool``.
  private let folder: String
  /// What a peer trains on: an .npz file of the same records.
  var pool: String { "\(folder)/pool.npz" }

  /// The texts couldn't be made as they should.
  struct Unsuitable: Error, CustomStringConvertible {
    let description: String
  }

  init(threads: Int) throws {
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("cvae-benchmark-texts-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let merges = Self.vocabulary - 257
    try "fields: {text: {kind: text, longest: \(Self.steps), tokens: pairs, merges: \(merges)}}\n"
      .write(toFile: "\(folder)/schema.yaml", atomically: true, encoding: .utf8)
    try Self.table.write(toFile: "\(folder)/texts.csv", atomically: true, encoding: .utf8)

    var configuration = RunConfiguration()
    configuration.given = ["label"]
    configuration.model.latent = 32
    configuration.model.recognition.hidden = [256]
    configuration.model.prior.hidden = [128]
    configuration.model.text.reader = Self.hidden
    configuration.model.text.writer = Self.hidden
    configuration.model.text.dropout = 0
    let data = try DataSet.load("\(folder)/texts.csv")
    fixture = try Fixture(data: data, path: folder, threads: threads, configuration)
    guard let vocabulary = fixture.preprocessing.vocabularies["text"],
      vocabulary.pieces.count == Self.vocabulary - 1
    else {
      throw Unsuitable(description: "The texts don't give \(Self.vocabulary - 1) tokens.")
    }
    let texts = data.records["text"]
    records = Array(
      (0..<Int32(data.count)).filter { record in
        let text = Array((texts?.text(Int(record)) ?? "").utf8)
        return Self.lengths.contains(vocabulary.encode(text).count + 1)
      }.prefix(Self.batches * Self.batch))
    guard records.count == Self.batches * Self.batch else {
      throw Unsuitable(description: "Only \(records.count) texts have \(Self.lengths) tokens.")
    }
    try writePool()
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// A row [1 + steps] for each text of a step's batch: its number of tokens, then its tokens.
  static func rows(of input: FieldInput, in step: CompiledModel) -> [Int64] {
    let lengths = step.withIndexInput(.lengths(input, .own)) { Array($0) }
    let tokens = step.withIndexInput(.field(input, .own)) { Array($0) }
    return lengths.indices.flatMap { row in
      let own = stride(from: row, to: tokens.count, by: lengths.count).map { Int64(tokens[$0]) }
      // What stands behind the end is past the last token.
      return [Int64(lengths[row])] + own.map { min($0, Int64(vocabulary - 1)) }
    }
  }

  private func writePool() throws {
    let side = try TrainingSide(
      fixture, batch: Self.batch, precision: .float32, records: records,
      steps: TextSteps(Self.steps))
    let (text, label) = (fixture.model.generatedInputs[0], fixture.model.givenInputs[0])
    var (x, labels): ([Int64], [Int64]) = ([], [])
    for _ in 0..<Self.batches {
      try side.run(steps: 1)
      x += Self.rows(of: text, in: side.step)
      labels += side.step.withIndexInput(.field(label, .own)) { $0.map(Int64.init) }
    }
    try NPZ.write(
      [
        NPZArray(name: "x", shape: [labels.count, 1 + Self.steps], values: .int64(x)),
        NPZArray(name: "label", shape: [labels.count], values: .int64(labels)),
      ], to: pool)
  }

  private static var table: String {
    let position = RandomPosition(seed: 1, step: 0)
    let (syllable, word, length) = (
      RandomPurpose("syllable"), RandomPurpose("word"), RandomPurpose("length")
    )
    func below(_ limit: Int, _ purpose: RandomPurpose, _ record: Int, _ column: Int) -> Int {
      Int(position.uniform(purpose, record: UInt32(record), column: column) * Double(limit))
    }
    let (consonants, vowels) = (Array("bcdfghjklmnprstvwz"), Array("aeiou"))
    let words = (0..<2000).map { number in
      (0..<2 + below(3, length, number, 0)).map { place in
        let one = consonants[below(consonants.count, syllable, number, 2 * place)]
        return "\(one)\(vowels[below(vowels.count, syllable, number, 2 * place + 1)])"
      }.joined()
    }
    let lines = (0..<8000).map { record in
      let count = 8 + below(10, length, record, 1)
      let text = (0..<count).map { place in
        let share = position.uniform(word, record: UInt32(record), column: place)
        return words[Int(share * share * Double(words.count))]
      }.joined(separator: " ")
      return "\(text),label\(record % levels)"
    }
    return "text,label\n" + lines.joined(separator: "\n") + "\n"
  }
}
