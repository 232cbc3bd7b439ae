import CVAEModels
import RecordTypes
import TensorGraph
import Testing

/// Rows whose columns are drawn one after the other.
@Suite struct ColumnChainTests {
  private static let fields = [Tiny.number, Tiny.tag, Tiny.label]

  private func model(
    given: [String] = ["any"], dropout: Double = 0, likelihood: LikelihoodKind = .mixture
  ) throws -> ConditionalVAE {
    try Tiny.model(
      Self.fields, given: given,
      Tiny.configuration {
        $0.decoder.columns = [5, 4]
        $0.decoder.columnDropout = dropout
        $0.likelihood = ["size": likelihood]
      })
  }

  /// All generated, but for what is known of the tag: 2 for nothing.
  private func batch(size: Double, tag: Int32, label: Int32, known: Int32 = 2) -> TinyBatch {
    var batch = TinyBatch()
    batch.reals = ["size": [size], "size.mask": [0], "size.target": [1]]
    batch.indices = [
      "tag": [known < 2 ? 2 : tag], "tag.known": [known], "tag.seen": [known < 2 ? known : tag],
      "label": [label], "label.known": [3], "label.seen": [label], "records": [7],
    ]
    return batch
  }

  /// Lets nothing of z reach the columns.
  private func withoutLatent(_ model: ConditionalVAE) -> [String: [Double]] {
    ["decoder.hidden0.weight": [Double](repeating: 0, count: 6)]
  }

  @Test func aColumnSeesThoseBeforeItAlone() throws {
    let model = try model()
    let program = try model.evaluationProgram(batch: 1)
    func scores(_ batch: TinyBatch) throws -> [String: Double] {
      try batch.run(program, of: model, parameters: withoutLatent(model))
        .compactMapValues(\.first)
    }
    let first = try scores(batch(size: 0.4, tag: 0, label: 2))
    let otherLabel = try scores(batch(size: 0.4, tag: 0, label: 1))
    let otherTag = try scores(batch(size: 0.4, tag: 1, label: 2))
    for field in ["size", "tag"] {
      #expect(first["logLikelihood.\(field)"] == otherLabel["logLikelihood.\(field)"])
    }
    #expect(first["logLikelihood.size"] == otherTag["logLikelihood.size"])
    #expect(first["logLikelihood.label"] != otherTag["logLikelihood.label"])
    #expect(first["logLikelihood.label"] != otherLabel["logLikelihood.label"])
  }

  /// What the decoder says column by column, given what stands before, is what it is scored by.
  @Test func columnProgramsSayWhatIsScored() throws {
    let model = try model()
    let scores = try batch(size: 0.4, tag: 1, label: 2).run(
      model.evaluationProgram(batch: 1), of: model, parameters: withoutLatent(model))
    let predictions = try columnPredictions(model, size: 0.4, tag: 1)
    #expect(
      abs((scores["logLikelihood.tag"]?[0] ?? 0) - logOf(predictions[1][1])) < 1e-12)
    #expect(
      abs((scores["logLikelihood.label"]?[0] ?? 0) - logOf(predictions[2][2])) < 1e-12)
    let mixture = predictions[0]
    let density = (0..<8).reduce(0.0) { sum, place in
      let distance = (0.4 - mixture[8 + place]) / mixture[16 + place]
      return sum
        + mixture[place] * expOf(-0.5 * distance * distance) / mixture[16 + place]
        / (2 * Double.pi).squareRoot()
    }
    #expect(abs((scores["logLikelihood.size"]?[0] ?? 0) - logOf(density)) < 1e-12)
  }

  /// What each column program says of its field, nothing being given, without z.
  private func columnPredictions(
    _ model: ConditionalVAE, size: Double, tag: Int32
  ) throws -> [[Double]] {
    var nothing = TinyBatch()
    nothing.reals = ["size": [0], "size.mask": [0], "temperature": [1]]
    nothing.indices = ["tag.known": [2], "label.known": [3], "records": [7]]
    let parameters = withoutLatent(model)
    var state =
      try nothing.run(model.rowStartProgram(batch: 1), of: model, parameters: parameters)["state"]
      ?? []
    return try (0..<3).map { place in
      var batch = TinyBatch()
      batch.reals = ["state": state]
      if place == 1 { batch.reals.merge(["seen": [size], "presence": [1]]) { $1 } }
      if place == 2 { batch.indices["seen"] = [tag] }
      let found = try batch.run(
        model.rowColumnProgram(at: place, batch: 1), of: model, parameters: parameters)
      state = found["state"] ?? state
      return found["prediction"] ?? []
    }
  }

  /// Whole rows are drawn from what the columns' programs say, by four random words for each value.
  @Test func rowsAreDrawnFromTheirColumns() throws {
    let model = try model()
    let position = RandomPosition(seed: 4, step: 9)
    for record in [Int32(7), 8, 9, 10] {
      var nothing = TinyBatch()
      nothing.reals = ["size": [0], "size.mask": [0], "temperature": [1], "complete": [0]]
      nothing.indices = ["tag.known": [2], "label.known": [3], "records": [record]]
      let row = try nothing.run(
        model.drawingProgram(batch: 1), of: model, parameters: withoutLatent(model),
        at: position)
      let (size, tag) = (row["size"]?[0] ?? 0, row["tag"]?[0] ?? 0)
      let predictions = try columnPredictions(model, size: size, tag: Int32(tag))
      func words(_ field: String) -> SIMD4<UInt32> {
        position.words(
          RandomPurpose("generated " + field), record: UInt32(record), block: 0)
      }
      func place(_ share: Double, _ weights: ArraySlice<Double>) -> Int {
        var sum = 0.0
        return weights.firstIndex { weight in
          sum += weight
          return sum > share
        }.map { $0 - weights.startIndex } ?? weights.count - 1
      }
      let own = place(Philox.uniform(words("size").z), predictions[0][0..<8])
      let normal = position.normal(
        RandomPurpose("generated size"), record: UInt32(record), column: 0)
      let drawn = predictions[0][8 + own] + predictions[0][16 + own] * normal
      #expect(abs(size - drawn) < 1e-9, "record \(record)")
      #expect(Int(tag) == place(Philox.uniform(words("tag").x), predictions[1][...]))
      #expect(
        row["label"] == [Double(place(Philox.uniform(words("label").x), predictions[2][...]))])
    }
  }

  @Test func whatIsKnownStaysAndRowsMayShareIt() throws {
    let model = try model()
    var shared = TinyBatch()
    shared.reals = ["size": [0.7], "size.mask": [1], "temperature": [1], "complete": [0]]
    shared.indices = ["tag.known": [1], "label.known": [3], "records": [1, 2, 3, 4]]
    var each = shared
    each.reals["size"] = [Double](repeating: 0.7, count: 4)
    each.reals["size.mask"] = [1, 1, 1, 1]
    each.indices["tag.known"] = [1, 1, 1, 1]
    each.indices["label.known"] = [3, 3, 3, 3]
    let position = RandomPosition(seed: 4, step: 9)
    var form = DrawingForm()
    form.sharesConditions = true
    let one = try shared.run(model.drawingProgram(batch: 4, form), of: model, at: position)
    let other = try each.run(model.drawingProgram(batch: 4), of: model, at: position)
    #expect(one == other)
    #expect(one["size"] == [0.7, 0.7, 0.7, 0.7] && one["tag"] == [1, 1, 1, 1])
    #expect(Set(one["label"] ?? []).count > 1)
  }

  /// Where columns are to know nothing of each other, another tag changes the tag's own score alone.
  @Test func droppedColumnsTellNothing() throws {
    let model = try model(dropout: 0.999999)
    let training = try model.trainingProgram(
      batch: 1, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    func score(_ tag: Int32) throws -> Double {
      var batch = batch(size: 0.4, tag: tag, label: 2)
      batch.reals["klWeight"] = [1]
      let found = try batch.run(training, of: model, parameters: withoutLatent(model))
      return found["logLikelihood"]?[0] ?? .nan
    }
    let evaluation = try model.evaluationProgram(batch: 1)
    func own(_ tag: Int32) throws -> Double {
      // The tag comes behind the size: that one is hidden, so that it tells nothing.
      var batch = batch(size: 0, tag: tag, label: 2)
      batch.reals["size.target"] = [0]
      let found = try batch.run(evaluation, of: model, parameters: withoutLatent(model))
      return found["logLikelihood.tag"]?[0] ?? .nan
    }
    #expect(abs((try score(1) - score(0)) - (try own(1) - own(0))) < 1e-9)
  }

  @Test(arguments: [LikelihoodKind.gaussian, .mixture])
  func fixedRolesDrawWholeRowsToo(likelihood: LikelihoodKind) throws {
    let model = try model(given: ["label"], likelihood: likelihood)
    #expect(model.drawsColumnByColumn)
    #expect(model.generatedInputs.map(\.name) == ["size", "tag"])
    var batch = TinyBatch()
    batch.reals = ["temperature": [1], "complete": [0]]
    batch.indices = ["label": [0, 1, 2], "records": [1, 2, 3]]
    let row = try batch.run(model.drawingProgram(batch: 3), of: model)
    #expect(row["size"]?.count == 3 && Set(row["size"] ?? []).count == 3)
    #expect(row["tag"]?.allSatisfy { $0 == 0 || $0 == 1 } == true)
  }

  /// The variable of a number's absence comes before the number, which has no value where it is missing.
  @Test func absenceComesFirst() throws {
    let absence = "size is missing"
    let model = try Tiny.model(
      [Tiny.number.missing(true), Tiny.tag], given: ["any"],
      Tiny.configuration {
        $0.decoder.columns = [5]
        $0.likelihood = ["size": .mixture]
      })
    #expect(model.generatedInputs.map(\.name) == [absence, "size", "tag"])
    #expect(model.generatedInputs.map(\.isAbsence) == [true, false, false])
    let count = 40
    var batch = TinyBatch()
    batch.reals = ["size": [0], "size.mask": [0], "temperature": [1], "complete": [0]]
    batch.indices = [
      "tag.known": [2], "\(absence).known": [2], "records": (0..<Int32(count)).map { $0 },
    ]
    var form = DrawingForm()
    form.sharesConditions = true
    let program = try model.drawingProgram(batch: count, form)
    let holed = try batch.run(program, of: model)
    let (isAbsent, sizes) = (holed[absence] ?? [], holed["size"] ?? [])
    #expect(Set(isAbsent) == [0, 1])
    for row in 0..<count { #expect((sizes[row] == 0) == (isAbsent[row] == 1), "row \(row)") }
    batch.reals["complete"] = [1]
    let whole = try batch.run(program, of: model)
    #expect(whole[absence] == [Double](repeating: 0, count: count))
    #expect(whole["size"]?.allSatisfy { $0 != 0 } == true)
  }
}
