import CVAEModels
import RecordTypes
import TensorGraph

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

  /// Values for every field input of a model, a function of `seed` alone.
  static func batch(of model: ConditionalVAE, count: Int, seed: UInt64) -> TinyBatch {
    var batch = TinyBatch()
    let position = RandomPosition(seed: seed, step: 77)
    batch.indices["records"] = (0..<count).map { Int32(3 * $0 + 1) }
    for input in model.inputs {
      let purpose = RandomPurpose("tiny \(input.field.name)")
      let unknown = (0..<count).map { input.acceptsMissing && $0 % 3 == 1 }
      if let levels = input.levelCount {
        batch.indices[input.name] = (0..<count).map { record in
          if unknown[record], let level = input.missingLevel { return level }
          let draw = position.uniform(purpose, record: UInt32(record), column: 0)
          return Int32(draw * Double(levels))
        }
        continue
      }
      if let name = input.missingName { batch.reals[name] = unknown.map { $0 ? 1 : 0 } }
      batch.reals[input.name] = (0..<count).flatMap { record in
        (0..<input.field.width).map { column in
          if unknown[record] { return 0 }
          if case .image = input.field.kind {
            return position.uniform(purpose, record: UInt32(record), column: column)
          }
          return position.normal(purpose, record: UInt32(record), column: column)
        }
      }
    }
    for input in model.maskedInputs.filter({ !$0.field.isCategory }).map(\.mask) {
      // At least one cell of each record is to fill.
      batch.reals[input.name] = (0..<count).flatMap { record in
        (0..<input.field.width).map { cell in
          let draw = position.uniform(
            RandomPurpose("tiny mask"), record: UInt32(record), column: cell)
          return cell == record % input.field.width || draw < 0.5 ? 0 : 1
        }
      }
    }
    return batch
  }
}

/// Inputs of one run, by name.
struct TinyBatch {
  var reals: [String: [Double]] = [:]
  var indices: [String: [Int32]] = [:]

  /// Runs a program without an update in `Double` and returns its outputs.
  ///
  /// - Parameter parameters: Values by name; others keep the store's.
  func run(
    _ program: Program, of model: ConditionalVAE, parameters: [String: [Double]] = [:],
    at position: RandomPosition = RandomPosition(seed: 5, step: 0)
  ) throws -> [String: [Double]] {
    let results = try evaluate(
      program, program.outputs.map(\.node), of: model, parameters: parameters, at: position)
    return Dictionary(uniqueKeysWithValues: zip(program.outputs.map(\.name), results.map(\.values)))
  }

  /// The values of some nodes in `Double`.
  func evaluate(
    _ program: Program, _ nodes: [Node], of model: ConditionalVAE,
    parameters: [String: [Double]] = [:],
    at position: RandomPosition = RandomPosition(seed: 5, step: 0)
  ) throws -> [Tensor] {
    var shapes: [String: Shape] = [:]
    for (name, node) in program.graph.namedInputs where program.graph[node].elementType == .real {
      shapes[name] = program.graph.shape(of: node)
    }
    var inputs: [String: Tensor] = [:]
    for (name, values) in reals {
      if let shape = shapes[name] { inputs[name] = Tensor(shape, values) }
    }
    var tensors: [String: Tensor] = [:]
    for parameter in model.store.parameters {
      let values =
        parameters[parameter.name]
        ?? model.store.initialValues(of: parameter).map(Double.init)
      tensors[parameter.name] = Tensor(parameter.shape, values)
    }
    return try ReferenceEvaluator.evaluate(
      program.graph, nodes: nodes, inputs: inputs, indexInputs: indices, parameters: tensors,
      at: position)
  }
}

/// log Σ eˣ.
func logSumExp(_ values: [Double]) -> Double {
  let largest = values.max() ?? 0
  return largest + logOf(values.reduce(0) { $0 + expOf($1 - largest) })
}
