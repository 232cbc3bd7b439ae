import Foundation
import Testing

/// What commands say of models of texts.
@Suite(.sharedRun(.texts)) struct TextCommandTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  @Test func transferredTextsStandBesideTheirSources() throws {
    func transfer(_ more: String..., to output: String) throws -> [String] {
      let result = try Command.run(
        ["transfer", run.path, run.data, "--records", "0,1", "--given", "kind=part"] + more
          + ["--output", folder.file(output)])
      #expect(result.status == 0, "\(result.errors)")
      return try folder.lines(output)
    }
    let lines = try transfer(to: "a.csv")
    #expect(lines.count == 3 && lines[0] == "input,input kind,input short,kind,long,short")
    #expect(lines[1].hasPrefix("0,land,river river,part,the river and a river of 0,"))
    #expect(lines[2].hasPrefix("1,part,wheel wheel,part,the wheel and a wheel of 1,"))
    let drawn = try transfer("--sample", "--alternatives", "2", to: "b.jsonl")
    #expect(
      drawn.map { $0.contains(#""input short":"river river""#) } == [true, true, false, false])
    // Several inputs as one have no such text.
    #expect(try transfer("--combine", to: "c.csv")[0] == "kind,long,short")
  }

  @Test func tablesWithoutTheTextAreRefused() throws {
    let other = try folder.put("gloss,kind\na b,land\nb c,part\na b,land\n".utf8, "other.csv")
    let arguments = ["transfer", run.path, other, "--given", "kind=part"]
    try Command.run(arguments + ["--output", folder.file("o.csv")]).expectRefusal(
      "other.csv: expected the columns 'long' and 'short', which the model has, got ", "'kind'")
    try Command.run(arguments + ["--from", "long=x", "--output", folder.file("o.csv")])
      .expectRefusal("other.csv: expected the column 'short', which the model has, got ")
  }

  @Test func controlOfTextsIsJudgedElsewhere() throws {
    try Command.run("evaluate", run.path, run.data, "--only", "control").expectRefusal(
      "Control is judged on images, and this model generates texts", "--only texts")
  }

  @Test func aLengthIsInOneUnit() throws {
    try Command.run(
      "generate", run.path, "--given", "kind=land", "--given", "short.words=2", "--given",
      "short.characters=5", "--output", folder.file("o.csv")
    ).expectRefusal(status: 64, "'short.words' and 'short.characters' exclude each other.")
  }

  private func generate(_ more: String..., output: String = "new.csv") throws -> Command.Result {
    try generate(more, output: output)
  }

  @discardableResult private func generate(
    _ more: [String], output: String
  ) throws -> Command.Result {
    let result = try Command.run(
      ["generate", run.path, "--output", folder.file(output)] + more)
    #expect(result.status == 0, "\(result.errors)")
    return result
  }

  @Test(arguments: ["new.csv", "new.npz"]) func cutTextsAreCounted(output: String) throws {
    let text = String(repeating: "river ", count: 20)
    let note = "'long': 1 text of more tokens than the model reads was cut.\n"
    #expect(
      try generate("--given", "kind=land", "--given", "long=\(text)", output: output).errors == note
    )
    #expect(
      try generate("--given", "kind=land", "--given", "long=a river", output: output).errors == "")
    let rows = ["long", text, "a river", text + "!", text].joined(separator: "\n")
    let table = try folder.put((rows + "\n").utf8, "rows.csv")
    #expect(
      try generate("--given", "kind=land", "--given-from", table, output: output).errors
        == "'long': 2 texts of more tokens than the model reads were cut.\n")
  }

  @Test func theMostProbableTextIsOne() throws {
    let given = ["--given", "kind=land", "--given", "long=the river"]
    func notes(_ more: String...) throws -> String {
      try Command.run(
        ["generate", run.path, "--output", folder.file("new.csv")] + given + more
      ).errors
    }
    #expect(
      try notes("--best", "--count", "2")
        == "--best: records under the same condition have the same, most probable text.\n")
    #expect(try notes("--best", "--count", "1") == "")
    #expect(try notes("--best", "--given", "short.words=2") == "")
    #expect(try notes("--count", "2") == "")
  }

  @Test func wordsAreKept() throws {
    let configuration = try folder.put(
      """
      given: [kind]
      ignore: [long]
      model: {latent: 2, text: {embedding: 8, reader: 8, writer: 16, dropout: 0}}
      training: {epochs: 40, batch: 16, threads: 1, optimizer: {learningRate: 0.02}}
      """.utf8, "kinds.yaml")
    let kinds = folder.file("kinds")
    let made = try Command.run(
      "train", run.data, "--config", configuration, "--output", kinds)
    #expect(made.status == 0, "\(made.errors)")
    func transfer(_ keep: String, to output: String) throws -> [[String]] {
      let result = try Command.run(
        "transfer", kinds, run.data, "--records", "0-19", "--given", "kind=part", "--keep", keep,
        "--output", folder.file(output))
      #expect(result.status == 0, "\(result.errors)")
      return try folder.lines(output).dropFirst().map { $0.components(separatedBy: ",") }
    }
    // The columns are: input, its kind, its text, kind, short.
    let half = try transfer("0.5", to: "half.csv")
    #expect(half.count == 20)
    // Within marks there are more words.
    for row in half where !row[2].contains("<") {
      let (before, after) = (row[2].split(separator: " "), row[4].split(separator: " "))
      #expect(row[1] == "land" || row[4] == row[2], "of a part already: \(row)")
      #expect(
        before.first == after.first || before.last == after.last, "one of two words stays: \(row)")
    }
    #expect(half.contains { $0[4] != $0[2] }, "\(half)")
    try Command.run(
      "transfer", kinds, run.data, "--given", "kind=part", "--keep", "1", "--output",
      folder.file("o.csv")
    ).expectRefusal(status: 1, "a share of the words")
  }

  @Test func theAnswerThatAgreesIsOneOfThose() throws {
    let given = ["--given", "kind=land", "--given", "long=the river and a hill"]
    try generate(["--consensus", "5", "--count", "3"] + given, output: "three.csv")
    let texts = try folder.lines("three.csv").dropFirst()
    #expect(texts.count == 3 && texts.allSatisfy { $0.hasPrefix("land,") || $0.contains("land") })
    // The same however many are asked for, and again.
    try generate(["--consensus", "5", "--count", "1"] + given, output: "one.csv")
    #expect(try folder.lines("one.csv").dropFirst().first == texts.first)
    try Command.run(
      ["generate", run.path, "--consensus", "5", "--best", "--output", folder.file("o.csv")] + given
    ).expectRefusal(status: 64, "--consensus")
  }

  @Test func holesOfATableAreFilled() throws {
    let any = folder.file("any")
    let made = try Command.run(
      "train", run.data, "--given", "any", "--epochs", "1", "--output", any)
    #expect(made.status == 0, "\(made.errors)")
    let table = try folder.put(
      """
      long,short,kind
      the ___ and a hill,river hill,land
      the gear,motor ___,
      a b,gear,part

      """.utf8,
      "holes.csv")
    let result = try Command.run(
      "complete", any, table, "--hole", "___", "--output", folder.file("filled.csv"))
    #expect(result.status == 0, "\(result.errors)")
    let lines = try folder.lines("filled.csv")
    #expect(lines.count == 4 && lines[0] == "long,short,kind" && lines[3] == "a b,gear,part")
    #expect(lines[1].hasPrefix("the ") && lines[1].hasSuffix(" and a hill,river hill,land"))
    #expect(lines[2].hasPrefix("the gear,motor "))
    #expect(!lines.contains { $0.contains("___") })
    try Command.run(
      "complete", any, table, "--hole", " ", "--output", folder.file("o.csv")
    ).expectRefusal(status: 64, "--hole")
  }

  /// Without class folders, texts can be classified, and nothing else.
  @Test func textsAloneAreClassified() throws {
    for row in 0..<60 {
      let (word, label) = row % 2 == 0 ? ("river", "land") : ("wheel", "part")
      try folder.put("a \(word) \(row)".utf8, "data/\(label)/\(row).txt")
    }
    let made = try Command.run(
      "train", folder.file("data"), "--given", "label", "--epochs", "1", "--output",
      folder.file("run"))
    #expect(made.status == 0, "\(made.errors)")
    try folder.put("a river".utf8, "texts/1.txt")
    try folder.put("a wheel".utf8, "texts/2.txt")
    for (data, count) in [("texts", 2), ("texts/2.txt", 1)] {
      let result = try Command.run(
        "classify", folder.file("run"), folder.file(data), "--field", "label", "--output",
        folder.file("p.csv"))
      #expect(result.status == 0, "\(result.errors)")
      let lines = try folder.lines("p.csv")
      #expect(lines[0] == "label,p(land),p(part)" && lines.count == 1 + count)
    }
    try Command.run("evaluate", folder.file("run"), folder.file("texts")).expectRefusal(
      "got a folder of .txt files without class folders")
  }
}
