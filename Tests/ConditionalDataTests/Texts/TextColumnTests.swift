import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Texts from files, and as networks see them.
@Suite struct TextColumnTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(
    _ text: String, _ name: String = "a.csv", settings: String = "", like model: RecordSchema? = nil
  ) throws -> DataSet {
    let schema = try folder.put(
      "fields: {gloss: {kind: text\(settings)}, size: {kind: number}}", "schema.yaml")
    return try DataSet.load(
      folder.put(text, name), schemaFile: model == nil ? schema : nil, like: model)
  }

  @Test func quotesTellATextFromAMissingOne() throws {
    let data = try load(
      "gloss,size\na boot,1\n\"a \"\"coat\"\",\r\nblue\",2\n,3\n\"\",4\nNA,5\n\"NA\",6\né,7\n")
    #expect(
      data.columns[0]
        == .texts(["a boot", "a \"coat\",\r\nblue", nil, "", nil, "NA", "é"]))
    #expect(data.schema.fields[0].mayBeMissing == false)
    #expect(data.missingTexts["gloss"] == ["": 1, "NA": 1])
    let lines = try load(
      #"{"gloss":"a \"coat\"\n","size":1}"# + "\n" + #"{"gloss":"","size":2}"# + "\n"
        + #"{"gloss":null,"size":3}"# + "\n" + #"{"size":4}"# + "\n" + #"{"gloss":"NA","size":5}"#
        + "\n", "a.jsonl")
    #expect(lines.columns[0] == .texts(["a \"coat\"\n", "", nil, nil, "NA"]))
  }

  /// Words that a schema file states are missing in quotes too, here and in a table that is read for a model.
  @Test func statedWordsAreMissing() throws {
    let text = "gloss,size\n-,1\n\"-\",2\nboot,3\nNA,4\n\"NA\",5\n"
    let data = try load(text, settings: ", missing: ['-']")
    let column = RecordColumn.texts([nil, nil, "boot", nil, "NA"])
    #expect(data.columns[0] == column)
    #expect(data.missingTexts["gloss"] == ["-": 2, "NA": 1])
    let partial = try PartialTable(
      folder.file("a.csv"), fields: data.schema.fields, forms: [:], others: [])
    #expect(partial.records.columns[0] == column)
    let path = folder.file("b.csv")
    try RecordTable([data.records], forms: data.forms).write(to: path, as: .csv)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "gloss,size\n-,1\n-,2\nboot,3\n-,4\n\"NA\",5\n")
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let file = try folder.put(Array("size,gloss\n1,a\n2,b".utf8) + [0xFF, 10], "a.csv")
    let schema = try folder.put("fields: {gloss: {kind: text}}", "schema.yaml")
    #expect(
      sentence { _ = try DataSet.load(file, schemaFile: schema) }
        == "\(file), line 3, column 2: expected text in UTF-8, got bytes that aren't; save the table "
        + "with the encoding UTF-8.")
  }

  /// What is written is read again, to the byte, in any form of table.
  @Test(arguments: TableForm.allCases)
  func textsComeBack(form: TableForm) throws {
    let texts = ["a, b", "", nil, "NA", "\"", "a\tb\r\nc\rd\n", "\u{1}\\ é e\u{301} 😀", " x "]
    let records = try Records(
      schema: RecordSchema(fields: [
        Field(name: "gloss", kind: .text()), Field(name: "size", kind: .number),
      ]), columns: [.texts(texts), .numbers((0..<8).map { Double($0) + 0.5 })])
    let path = folder.file("b.\(form.rawValue)")
    try RecordTable([records], forms: [:]).write(to: path, as: form)
    let schema = try folder.put("fields: {gloss: {kind: text}}", "schema.yaml")
    #expect(try DataSet.load(path, schemaFile: schema).columns[0] == .texts(texts))
    // As a model reads a table to complete.
    let partial = try PartialTable(path, fields: records.schema.fields, forms: [:], others: [])
    #expect(partial.records.columns[0] == .texts(texts))
  }

  @Test func textsAreArrays() throws {
    let records = try Records(
      schema: RecordSchema(fields: [Field(name: "gloss", kind: .text())]),
      columns: [.texts(["boot", nil, "é"])])
    let path = folder.file("a.npz")
    try NPZ.write(RecordTable([records], forms: [:]).arrays, to: path)
    let schema = try folder.put("fields: {gloss: {kind: text}}", "schema.yaml")
    #expect(try DataSet.load(path, schemaFile: schema).columns == [.texts(["boot", nil, "é"])])
    #expect(
      try DataSet.load(path, schemaFile: folder.put("", "no.yaml")).schema.fields[0].isCategory)
  }

  @Test func settingsSuitTheTexts() throws {
    let short = "gloss,size\nboot,1\ncoat,2\n"
    #expect(try load(short).schema.fields[0].textKind == TextKind(longest: 5, tokens: .bytes))
    // 64 different bytes and 1,280 of them.
    let signs = String(decoding: (0x3F...0x7E).map { UInt8($0) }, as: UTF8.self)
    let long = "gloss,size\n" + (0..<20).map { "\"\(signs)\",\($0)\n" }.joined()
    #expect(try load(long).schema.fields[0].textKind == TextKind(longest: 65, merges: 25))
    #expect(
      try load(long, settings: ", longest: 9, tokens: bytes").schema.fields[0].textKind
        == TextKind(longest: 9, tokens: .bytes))
    #expect(
      try load(short, settings: ", tokens: pairs, merges: 7").schema.fields[0].textKind
        == TextKind(longest: 5, merges: 7))
    // A model's settings are those that it was trained with.
    let model = try load(long, settings: ", merges: 3").schema
    #expect(try load(short, like: model).schema.fields[0].kind == model.fields[0].kind)
    #expect(
      try load(short).matchingLevels(of: model).schema.fields[0].kind == model.fields[0].kind)
  }

  @Test(
    arguments: [
      (", longest: 0", "expected the most tokens of 'gloss', from 1 to 4096, got '0'."),
      (", tokens: words", "expected the tokens of 'gloss' as pairs or bytes, got 'words'."),
      (", merges: 9999", "expected the most merges of 'gloss', from 0 to 8192, got '9999'."),
      (
        ", tokens: bytes, merges: 9",
        "expected no merges of 'gloss', whose tokens are bytes, got 9; say 'tokens: pairs' or leave "
          + "'merges' out."
      ),
      (
        "}, size: {longest: 3",
        "expected 'size' to be a text, got a number; say 'kind: text' too."
      ),
    ])
  func refusesOtherSettings(settings: String, expected: String) throws {
    let schema = try folder.put("fields: {gloss: {kind: text\(settings)}}", "other.yaml")
    let file = try folder.put("gloss,size\nboot,1.5\ncoat,2.5\n", "a.csv")
    #expect(
      sentence { _ = try DataSet.load(file, schemaFile: schema) }
        == "\(schema), line 1: \(expected)")
  }

  @Test func vocabulariesComeFromTheTrainingRecords() throws {
    let texts = [String?](repeating: "ab", count: 5) + [String?](repeating: "cd", count: 9) + [nil]
    let field = Field(name: "gloss", kind: .text(longest: 3, merges: 9))
    let data = try DataSet(schema: RecordSchema(fields: [field]), columns: [.texts(texts)])
    let fitted = try Preprocessing.fit(data, on: [0, 1, 2, 3, 4, 5, 14])
    #expect(fitted.vocabularies["gloss"]?.merges == [.init(97, 98)])
    let json = try JSONEncoder().encode(fitted)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: json) == fitted)
    #expect(
      fitted.summary(of: field, levels: 3)
        == "a text, up to 3 tokens out of 266 (byte pairs)")
    #expect(
      fitted.summary(of: Field(name: "a", kind: .text(longest: 1, tokens: .bytes)), levels: 3)
        == "a text, up to 1 token out of 257 (bytes)")
    try fitted.validate(schema: data.schema)
    #expect(
      sentence { _ = try Preprocessing.fit(data, on: [14]) }
        == "data: expected a value of field 'gloss' in some training record, got missing ones only; "
        + "leave the field out or complete the data.")
    func refusal(_ preprocessing: Preprocessing, _ kind: FieldKind) -> String {
      sentence {
        let schema = try RecordSchema(fields: [Field(name: "gloss", kind: kind)])
        try preprocessing.validate(schema: schema)
      }
    }
    #expect(
      refusal(fitted, .text(merges: 0))
        == "vocabularies.gloss: expected at most 0 merges, as many as the field has, got 1.")
    #expect(
      refusal(Preprocessing(scales: [:], levelCounts: [:]), .text())
        == "vocabularies.gloss: expected the merges of the field's tokens, got none.")
    #expect(
      refusal(fitted, .image(ImageSize(height: 1, width: 1, channels: 1)))
        == "vocabularies: expected fields of the schema that have them, got 'gloss'.")
  }

  /// Tokens lie one step after another; a missing text has none, and a cut one no end mark.
  @Test func batchesHoldTokens() throws {
    let texts = ["ab", nil, "", "abab", "abcde"]
    let field = Field(name: "gloss", kind: .text(longest: 4, merges: 1))
    let records = try Records(schema: RecordSchema(fields: [field]), columns: [.texts(texts)])
    let vocabulary = try TokenVocabulary(merges: [.init(97, 98)])
    let reader = BatchReader(
      records,
      preprocessing: Preprocessing(
        scales: [:], levelCounts: [:], vocabularies: ["gloss": vocabulary]))
    #expect((0..<5).map { reader.tokenCount(field: 0, record: $0) } == [2, 0, 1, 3, 4])
    #expect(reader.cutCount(field: 0) == 1)
    #expect(
      (0..<5).map { reader.isKnown(field: 0, record: $0) } == [true, false, true, true, true])
    var (targets, lengths) = ([Int32](repeating: 7, count: 15), [Int32](repeating: 7, count: 5))
    targets.withUnsafeMutableBufferPointer { targets in
      lengths.withUnsafeMutableBufferPointer { lengths in
        ([4, 0, 1, 2, 3] as [Int32]).withUnsafeBufferPointer { records in
          reader.fillTokens(
            field: 0, records: records, steps: 3, targets: targets, lengths: lengths, none: 999)
        }
      }
    }
    let (ab, end, none) = (Int32(256), Int32(257), Int32(999))
    #expect(
      targets == [
        ab, ab, none, end, ab,
        99, end, none, none, ab,
        100, none, none, none, end,
      ])
    #expect(lengths == [3, 2, 0, 1, 3])
  }

  /// The tokens of a batch are those of the vocabulary, and only one that fits has its end mark.
  @Test func batchesAgreeWithTheVocabulary() throws {
    let texts = (0..<60).map { "the \($0 % 7) other mothers, the \($0 % 3) then" }
    let kind = TextKind(longest: 12, merges: 40)
    let data = try DataSet(
      schema: RecordSchema(fields: [Field(name: "gloss", kind: FieldKind(kind))]),
      columns: [.texts(texts)])
    let fitted = try Preprocessing.fit(data, on: (0..<60).map { $0 })
    let vocabulary = try #require(fitted.vocabularies["gloss"])
    let rows = TokenRows(data.columns[0], kind: kind, vocabulary: vocabulary)
    for (record, text) in texts.enumerated() {
      let all = vocabulary.encode(text.utf8) + [kind.endToken]
      #expect(
        Array(rows.tokens[rows.starts[record]..<rows.starts[record + 1]]) == Array(all.prefix(12)))
    }
    #expect(rows.cut == texts.count { vocabulary.encode($0.utf8).count >= 12 })
  }

  /// The fingerprint depends on where texts begin and on which are missing.
  @Test func fingerprintsTellTextsApart() throws {
    func fingerprint(_ texts: [String?]) throws -> String {
      try DataSet(
        schema: RecordSchema(fields: [Field(name: "gloss", kind: .text())]),
        columns: [.texts(texts)]
      ).fingerprint
    }
    let all = try [["ab", "c"], ["a", "bc"], ["ab", ""], ["ab", nil], ["ab", "d"]].map(fingerprint)
    #expect(Set(all).count == 5)
    #expect(try fingerprint(["ab", "c"]) == all[0])
  }
}
