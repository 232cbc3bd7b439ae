import CVAEModels
import RecordTypes
import TensorGraph
import Testing

/// Small schemas and models, and what runs them.
enum Tiny {
  static let label = Field(name: "label", kind: .category(levels: ["a", "b", "c"]))
  static let number = Field(name: "size", kind: .number)
  static let vector = Field(name: "row", kind: .vector(count: 3))
  static let image = Field(
    name: "image", kind: .image(ImageSize(height: 2, width: 2, channels: 1)))
  static let color = Field(
    name: "color", kind: .image(ImageSize(height: 1, width: 2, channels: 3)))
  static let tag = Field(name: "tag", kind: .category(levels: ["x", "y"]))

  static let text = Field(
    name: "text", kind: FieldKind(TextKind(longest: 3, tokens: .bytes)))
  /// A text that others are written from.
  static let document = Field(
    name: "document", kind: FieldKind(TextKind(longest: 3, tokens: .bytes)))
  /// Steps of programs for texts.
  static let steps: TextSteps = 4

  static func configuration(
    latent: Int = 2, hidden: [Int] = [3], prior: PriorKind = .learned,
    _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) -> ModelConfiguration {
    var configuration = ModelConfiguration()
    configuration.latent = latent
    configuration.recognition.hidden = hidden
    configuration.prior.hidden = hidden
    configuration.decoder.hidden = hidden
    configuration.prior.kind = prior
    configuration.activation = .tanh
    configuration.text.embedding = 2
    configuration.text.reader = 2
    configuration.text.writer = 3
    configuration.text.dropout = 0
    change(&configuration)
    return configuration
  }

  static func model(
    _ fields: [Field], given: [String], _ configuration: ModelConfiguration,
    acceptsMissing: Bool = false, seed: UInt64 = 1
  ) throws -> ConditionalVAE {
    let schema = try RecordSchema(fields: fields)
    return try ConditionalVAE(
      schema: schema, roles: Roles.named(given, schema: schema), configuration: configuration,
      acceptsMissing: acceptsMissing, seed: seed)
  }

  /// Values for every input of a program of two groups with three sources and two targets each.
  static func groupBatch(of model: ConditionalVAE, seed: UInt64) -> TinyBatch {
    var batch = batch(of: model, count: 4, seed: seed)
    let sources = self.batch(of: model, count: 6, seed: seed + 100)
    for (name, values) in sources.reals { batch.reals["source." + name] = values }
    for (name, values) in sources.indices { batch.indices["source." + name] = values }
    batch.reals["sourceMask"] = [1, 1, 0, 1, 0, 0]
    batch.reals["groupShare"] = [0.25, 0.2]
    batch.reals["klWeight"] = [0.7]
    batch.indices["groups"] = [3, 8]
    return batch
  }

  /// Values for every field input of a model, a function of `seed` alone. Of rows of which any fields may be
  /// given, every other field is, in every other record.
  static func batch(of model: ConditionalVAE, count: Int, seed: UInt64) -> TinyBatch {
    var batch = TinyBatch()
    let position = RandomPosition(seed: seed, step: 77)
    batch.indices["records"] = (0..<count).map { Int32(3 * $0 + 1) }
    var absent: [String: [Bool]] = [:]
    for input in model.inputs {
      let name = InputSlot.field(input, .own).testName
      let place = model.schema.fields.firstIndex(of: input.field) ?? 0
      let isKnown = (0..<count).map { record in
        model.rowFields.contains(input.field) && (record + place) % 2 == 1
      }
      let purpose = RandomPurpose("tiny \(input.name)")
      let unknown = (0..<count).map { input.acceptsMissing && $0 % 3 == 1 }
      if let levels = input.features.count {
        batch.indices[name] = (0..<count).map { record in
          if unknown[record], let level = input.missingLevel { return level }
          let draw = position.uniform(purpose, record: UInt32(record), column: 0)
          return Int32(draw * Double(levels))
        }
        if input.isAbsence { absent[input.field.name] = batch.indices[name]?.map { $0 == 1 } }
        if input.isPartial, let values = batch.indices[name] {
          let none = Int32(levels)
          batch.indices[InputSlot.field(input.seen, .own).testName] = values
          batch.indices[InputSlot.field(input.known, .own).testName] =
            zip(values, isKnown).map { $1 ? $0 : none }
          batch.indices[name] = zip(values, isKnown).map { $1 ? none : $0 }
        }
        continue
      }
      if input.isText {
        let parts =
          model.roles.isMasked(input.field.name)
          ? [(input, false), (input.known, true)] : [(input, nil as Bool?)]
        for (part, wanted) in parts {
          batch.setTexts(
            (0..<count).map { record in
              if unknown[record] || wanted.map({ $0 != isKnown[record] }) == true { return nil }
              return (0..<record % 4).map { place in
                Int32(256 * position.uniform(purpose, record: UInt32(record), column: place))
              }
            }, part, steps: steps.most)
        }
        if input.isPartial {
          batch.reals[InputSlot.field(input.mask, .own).testName] = isKnown.map { $0 ? 1 : 0 }
        }
        if input.hasUnknownFlag {
          batch.reals[InputSlot.unknown(input, .own).testName] = unknown.map { $0 ? 1 : 0 }
        }
        continue
      }
      if input.hasUnknownFlag {
        batch.reals[InputSlot.unknown(input, .own).testName] = unknown.map { $0 ? 1 : 0 }
      }
      let none = absent[input.field.name] ?? unknown
      if input.isPartial {
        batch.reals[InputSlot.field(input.target, .own).testName] =
          zip(none, isKnown).map { $0 || $1 ? 0 : 1 }
        batch.reals[InputSlot.field(input.mask, .own).testName] =
          zip(none, isKnown).map { !$0 && $1 ? 1 : 0 }
      }
      batch.reals[name] = (0..<count).flatMap { record in
        (0..<input.features.width).map { column in
          if none[record] { return 0 }
          if input.features.pictureSize != nil {
            return position.uniform(purpose, record: UInt32(record), column: column)
          }
          return position.normal(purpose, record: UInt32(record), column: column)
        }
      }
    }
    for input in model.maskedInputs.filter({ !$0.features.isIndex && !$0.isPartial }) {
      // At least one cell of each record is to fill.
      let width = input.mask.features.width
      batch.reals[InputSlot.field(input.mask, .own).testName] = (0..<count).flatMap { record in
        (0..<width).map { cell in
          let draw = position.uniform(
            RandomPurpose("tiny mask"), record: UInt32(record), column: cell)
          return cell == record % width || draw < 0.5 ? 0 : 1
        }
      }
    }
    return batch
  }
}

/// Inputs of one run, by the names that ``InputSlot/testName`` gives them.
struct TinyBatch {
  var reals: [String: [Double]] = [:]
  var indices: [String: [Int32]] = [:]

  /// Writes texts, with the end mark behind those that are shorter than the longest; nil for none.
  mutating func setTexts(
    _ texts: [[Int32]?], _ input: FieldInput, steps: Int, longest: Int = 3, set: RecordSet = .own
  ) {
    let kind = input.field.textKind ?? TextKind()
    let rows = texts.map { text in
      text.map { $0.count < longest ? $0 + [kind.endToken] : Array($0.prefix(longest)) } ?? []
    }
    let none = Int32(kind.vocabulary)
    let places = (0..<steps).flatMap { step in rows.map { (step, $0) } }
    indices[InputSlot.field(input, set).testName] = places.map { step, row in
      step < row.count ? row[step] : none
    }
    indices[InputSlot.before(input, set).testName] = places.map { step, row in
      step > 0 && step <= row.count ? row[step - 1] : kind.endToken
    }
    indices[InputSlot.lengths(input, set).testName] = rows.map { Int32($0.count) }
    reals[InputSlot.tokenShares(input, set).testName] = places.map { step, row in
      step < row.count ? 1 / Double(row.count) : 0
    }
    indices[InputSlot.tokenNumbers(input).testName] = places.indices.map { Int32($0) }
  }

  /// Runs a program without its update in `Double` and returns its outputs by name.
  ///
  /// - Parameter parameters: Values by name; others keep the store's.
  func run(
    _ program: ModelProgram, of model: ConditionalVAE, parameters: [String: [Double]] = [:],
    at position: RandomPosition = RandomPosition(seed: 5, step: 0)
  ) throws -> [String: [Double]] {
    let outputs =
      program.realOutputs.map { ($0.testName, $1.node) }
      + program.allIndexOutputs.map { ($0.testName, $1.node) }
    let results = try evaluate(
      program, outputs.map(\.1), of: model, parameters: parameters, at: position)
    return Dictionary(uniqueKeysWithValues: zip(outputs.map(\.0), results.map(\.values)))
  }

  /// Writes all inputs of a program, which must be here.
  func write(into compiled: CompiledModel) throws {
    for input in compiled.model.realInputs {
      let values = try #require(reals[input.slot.testName], "\(input.slot.testName)")
      compiled.withInput(input.slot) { _ = $0.update(fromContentsOf: values.map(Float.init)) }
    }
    for input in compiled.model.indexInputs {
      let values = try #require(indices[input.slot.testName], "\(input.slot.testName)")
      compiled.withIndexInput(input.slot) { _ = $0.update(fromContentsOf: values) }
    }
  }

  /// The values of some nodes in `Double`.
  func evaluate(
    _ program: ModelProgram, _ nodes: [Node], of model: ConditionalVAE,
    parameters: [String: [Double]] = [:],
    at position: RandomPosition = RandomPosition(seed: 5, step: 0)
  ) throws -> [Tensor] {
    let graph = program.program.graph
    var inputs: [Port<Float>: Tensor] = [:]
    for input in program.realInputs {
      if let values = reals[input.slot.testName] {
        inputs[input.port] = Tensor(graph.shape(of: input.port.node), values)
      }
    }
    var indexInputs: [Port<Int32>: [Int32]] = [:]
    for input in program.indexInputs {
      if let values = indices[input.slot.testName] { indexInputs[input.port] = values }
    }
    var tensors: [String: Tensor] = [:]
    for parameter in model.store.parameters {
      let values =
        parameters[parameter.name]
        ?? model.store.initialValues(of: parameter).map(Double.init)
      tensors[parameter.name] = Tensor(parameter.shape, values)
    }
    return try ReferenceEvaluator.evaluate(
      graph, nodes: nodes, inputs: inputs, indexInputs: indexInputs, parameters: tensors,
      at: position)
  }
}

/// log Σ eˣ.
func logSumExp(_ values: [Double]) -> Double {
  let largest = values.max() ?? 0
  return largest + logOf(values.reduce(0) { $0 + expOf($1 - largest) })
}
