import CVAEModels
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

/// What a program costs grows in proportion to the columns of its rows.
@Suite struct WideTableTests {
  /// What is counted of a program.
  private enum Cost: String, CaseIterable {
    case nodes, operands, elements, instructions, primitives, buffers
  }

  enum Kind: CaseIterable {
    case training, evaluation, drawing
  }

  /// Numbers and categories of 2 to 4 levels, some of which may be missing.
  private func model(columns: Int, given: [String]) throws -> ConditionalVAE {
    let fields = (0..<columns).map { index in
      Field(
        name: "column \(index)",
        kind: index % 2 == 0
          ? .number : .category(levels: (0..<2 + index / 2 % 3).map { "level \($0)" }),
        mayBeMissing: given == ["any"] && index % 6 > 3)
    }
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [5]
    configuration.prior.hidden = [5]
    configuration.decoder.hidden = [5]
    configuration.decoder.columns = [6, 4]
    for field in fields where field.isNumber && !given.contains(field.name) {
      configuration.likelihood[field.name] = .mixture
    }
    let schema = try RecordSchema(fields: fields)
    return try ConditionalVAE(
      schema: schema, roles: Roles.named(given, schema: schema), configuration: configuration,
      acceptsMissing: true, seed: 1)
  }

  private func costs(_ kind: Kind, columns: Int, given: [String]) throws -> [Cost: Int] {
    let model = try model(columns: columns, given: given)
    let program =
      switch kind {
      case .training:
        try model.trainingProgram(batch: 8, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
      case .evaluation: try model.evaluationProgram(batch: 8)
      case .drawing: try model.drawingProgram(batch: 8)
      }
    let entries = program.program.graph.entries
    let session = try OneDNNExecutor(threads: 1).makeSession(for: model.store)
    _ = try session.compile(program)
    return [
      .nodes: entries.count, .operands: entries.reduce(0) { $0 + $1.operands.count },
      .elements: entries.reduce(0) { $0 + $1.shape.count },
      .instructions: Plan(program.program).instructions.count,
      .primitives: session.counters.primitivesCreated,
      .buffers: session.counters.buffersAllocated,
    ]
  }

  /// The second 30 columns cost no more than the first 30, beside what does not depend on columns.
  @Test(arguments: Kind.allCases, [["any"], ["column 1"]])
  func costsGrowInProportionToColumns(kind: Kind, given: [String]) throws {
    let found = try [30, 60, 90].map { try costs(kind, columns: $0, given: given) }
    for cost in Cost.allCases {
      let counts = try found.map { try #require($0[cost]) }
      #expect(counts[0] > 0)
      #expect(counts[2] - counts[1] <= counts[1] - counts[0], "\(cost.rawValue): \(counts)")
    }
  }
}
