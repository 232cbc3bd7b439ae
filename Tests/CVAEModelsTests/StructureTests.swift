import CVAEModels
import RecordTypes
import TensorGraph
import Testing

@Suite struct StructureTests {
  private func imagesAndLabels(
    _ configuration: ModelConfiguration, acceptsMissing: Bool = false
  ) throws -> ConditionalVAE {
    let image = Field(
      name: "image", kind: .image(ImageSize(height: 28, width: 28, channels: 1)))
    let label = Field(name: "label", kind: .category(levels: (0..<10).map(String.init)))
    var dense = configuration
    dense.architecture = .mlp
    return try Tiny.model(
      [image, label], given: ["label"], dense, acceptsMissing: acceptsMissing)
  }

  /// Eight records of a style that is written.
  private func decodingProgram(of model: ConditionalVAE) throws -> Program {
    var form = DrawingForm()
    form.drawsStyle = false
    return try model.drawingProgram(batch: 8, form).program
  }

  /// The count by hand: recognition (784+10)·512+512, 512·256+256, 256·40+40; prior 10·128+128,
  /// 128·40+40; decoder (20+10)·256+256, (256+10)·512+512, (512+10)·784+784.
  @Test func theDefaultModelHasThisManyParameters() throws {
    let model = try imagesAndLabels(ModelConfiguration())
    let recognition = 794 * 512 + 512 + 512 * 256 + 256 + 256 * 40 + 40
    let prior = 10 * 128 + 128 + 128 * 40 + 40
    let decoder = 30 * 256 + 256 + 266 * 512 + 512 + 522 * 784 + 784
    #expect(model.store.count == recognition + prior + decoder)
    #expect(model.store.count == 1_109_888)
    #expect(model.trainedParameters.count == model.store.parameters.count)
  }

  @Test func parametersHaveTheirPathsAndShapes() throws {
    let model = try imagesAndLabels(ModelConfiguration())
    let expected: [(String, Shape)] = [
      ("recognition.hidden0.image.weight", [784, 512]),
      ("recognition.hidden0.label.weight", [10, 512]), ("recognition.hidden0.bias", [512]),
      ("recognition.hidden1.weight", [512, 256]), ("recognition.hidden1.bias", [256]),
      ("recognition.output.weight", [256, 40]), ("recognition.output.bias", [40]),
      ("prior.hidden0.label.weight", [10, 128]), ("prior.hidden0.bias", [128]),
      ("prior.output.weight", [128, 40]), ("prior.output.bias", [40]),
      ("decoder.hidden0.weight", [20, 256]), ("decoder.hidden0.label.weight", [10, 256]),
      ("decoder.hidden0.bias", [256]), ("decoder.hidden1.weight", [256, 512]),
      ("decoder.hidden1.label.weight", [10, 512]), ("decoder.hidden1.bias", [512]),
      ("decoder.image.weight", [512, 784]), ("decoder.image.label.weight", [10, 784]),
      ("decoder.image.bias", [784]),
    ]
    #expect(model.store.parameters.map(\.name) == expected.map(\.0))
    #expect(model.store.parameters.map(\.shape) == expected.map(\.1))
  }

  @Test func withoutHiddenLayersTheOutputTakesTheFields() throws {
    let model = try imagesAndLabels(
      Tiny.configuration(latent: 128, hidden: [], prior: .affineSigmoid))
    #expect(
      model.store.parameters.map { "\($0.name) \($0.shape)" } == [
        "recognition.output.image.weight [784, 256]", "recognition.output.label.weight [10, 256]",
        "recognition.output.bias [256]", "prior.output.label.weight [10, 128]",
        "prior.output.bias [128]", "decoder.image.weight [128, 784]",
        "decoder.image.label.weight [10, 784]", "decoder.image.bias [784]",
      ])
  }

  @Test func unknownFieldsHaveEmbeddingsOfTheirOwn() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label, Tiny.vector], given: ["label", "row"],
      Tiny.configuration(hidden: []), acceptsMissing: true)
    let shapes = Dictionary(
      uniqueKeysWithValues: model.store.parameters.map { ($0.name, $0.shape) })
    #expect(shapes["decoder.image.label.weight"] == [4, 4])
    #expect(shapes["decoder.image.row.weight"] == [3, 4])
    #expect(shapes["decoder.image.row.missing"] == [1, 4])
    #expect(shapes["recognition.output.image.missing"] == nil)
    #expect(model.inputs.map(\.missingLevel) == [nil, 3, nil])
    #expect(model.inputs.map(\.hasUnknownFlag) == [false, false, true])
  }

  @Test func aRecognitionNetworkCanBeBlindToTheCondition() throws {
    let model = try imagesAndLabels(Tiny.configuration { $0.recognition.seesCondition = false })
    #expect(!model.store.parameters.contains { $0.name == "recognition.hidden0.label.weight" })
    #expect(model.store.parameters.contains { $0.name == "decoder.hidden0.label.weight" })
  }

  @Test func aFittedDeviationIsNoTrainedParameter() throws {
    let optimal = try Tiny.model([Tiny.vector, Tiny.label], given: ["label"], Tiny.configuration())
    #expect(optimal.fittedDeviations.map(\.parameter.name) == ["decoder.row.logDeviation"])
    #expect(!optimal.trainedParameters.contains { $0.name == "decoder.row.logDeviation" })
    // 24 over 4 records of 3 columns is 2 a number: log √2.
    let fitted = optimal.fittedDeviations[0].logDeviation(totalSquaredError: 24, records: 4)
    #expect(abs(Double(fitted) - 0.346573590279973) < 1e-7)

    let learned = try Tiny.model(
      [Tiny.vector, Tiny.label], given: ["label"],
      Tiny.configuration { $0.gaussianDeviation = .learned })
    #expect(learned.fittedDeviations.isEmpty)
    #expect(learned.trainedParameters.contains { $0.name == "decoder.row.logDeviation" })
  }

  /// Each decoder layer is one dense instruction and one gather in the plan.
  @Test func layersFuse() throws {
    let model = try imagesAndLabels(ModelConfiguration())
    let plan = Plan(try decodingProgram(of: model))
    let dense = plan.instructions.compactMap { instruction in
      if case .dense(let bias, let addend, let activation) = instruction.kernel {
        return "\(bias) \(addend) \(activation.map { "\($0)" } ?? "none")"
      }
      return nil
    }
    // The prior's first layer is a gather; its second a product without an addend.
    #expect(
      dense.sorted()
        == ["true false none", "true true relu", "true true relu", "true true sigmoid"])
    let gathers = plan.instructions.filter { $0.kernel == .operation(.gather) }
    #expect(gathers.count == 4)
    #expect(
      !plan.instructions.contains { instruction in
        if case .operation(.matmul) = instruction.kernel { true } else { false }
      })
  }

  /// A training step leaves no activation, bias or product of its own beside the dense layers.
  @Test func trainingStepsFuse() throws {
    let model = try imagesAndLabels(ModelConfiguration())
    let plan = Plan(
      try model.trainingProgram(batch: 8, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
        .program)
    let kernels = plan.instructions.map(\.kernel)
    // The prior's first layer has no product to fuse into: it is a gather.
    #expect(kernels.filter { $0 == .operation(.unary(.relu)) }.count == 1)
    let dense = kernels.filter { kernel in
      if case .dense = kernel { true } else { false }
    }
    // Recognition 3, prior 1, decoder 3.
    #expect(dense.count == 7)
    #expect(kernels.filter { $0 == .weightAndBiasGradient }.count == 7)
    #expect(kernels.filter { $0 == .operation(.gather) }.count == 5)
  }

  /// With two real sources and a category, the smaller product is the larger one's addend.
  @Test func layersWithRealFieldsFuse() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.number, Tiny.label], given: ["label", "size"],
      Tiny.configuration(latent: 5, hidden: [4], prior: .standard))
    let program = try decodingProgram(of: model)
    let plan = Plan(program)
    let dense = plan.instructions.compactMap { instruction in
      if case .dense(let bias, let addend, let activation) = instruction.kernel {
        return "\(bias) \(addend) \(activation.map { "\($0)" } ?? "none")"
      }
      return nil
    }
    #expect(
      dense.sorted()
        == ["false true none", "false true none", "true true sigmoid", "true true tanh"])
    let weights = plan.instructions.compactMap { instruction -> Operation? in
      if case .dense(true, _, _) = instruction.kernel {
        program.graph[instruction.operands[1]].operation
      } else {
        nil
      }
    }
    #expect(weights == [.parameter("decoder.hidden0.weight"), .parameter("decoder.image.weight")])
  }

  @Test func theSummaryNamesEveryParameter() throws {
    let lines = try imagesAndLabels(ModelConfiguration()).architectureSummary
    #expect(lines[0] == "recognition.hidden0.image.weight  [784, 512]   401408")
    #expect(lines.contains { $0.hasPrefix("decoder, in all") && $0.hasSuffix("554672") })
    #expect(lines.last?.hasSuffix("1109888") == true)
    #expect(Set(lines.map(\.count)).count == 1)
  }
}
