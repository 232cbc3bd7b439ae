import TensorGraph

/// A program as StableHLO's text, and what its arguments and results are.
struct StepText {
  /// What a caller hands over, in this order.
  enum Argument {
    /// Given away: the results have the new value in its place.
    case changed(String)
    case firstMoment(String)
    case secondMoment(String)
    /// Only read.
    case parameter(String)
    /// By its place among the graph's inputs.
    case input(Int)
    /// The seed's two halves, then the step.
    case position
    /// See ``Emission/Setting``.
    case settings
  }

  /// One for each argument.
  private(set) var arguments: [Argument] = []
  /// Which arguments are shared out to devices along their first axis.
  private(set) var isSharded: [Bool] = []
  /// The parameters that change, whose values, first and second moments are the first results; then comes the report,
  /// if there is an update, and then the outputs.
  let changed: [String]
  /// The whole module.
  private(set) var text = ""

  private let devices: Int
  private let batch: Int?
  private var signature: [String] = []

  /// - Parameter devices: Along how many the batch is shared out.
  init(_ program: Program, precision: Precision, devices: Int) {
    let graph = program.graph
    self.devices = devices
    batch = Self.batch(of: graph)
    let update = program.update
    changed = update?.gradients.map(\.parameter.name) ?? []
    let results = graph.outputs + (update.map { [$0.loss] + $0.gradients.map(\.node) } ?? [])
    let nodes = Emission.live(results, in: graph)

    var old: [Emission.ParameterState] = []
    var known: [String: HLOValue] = [:]
    let shapes = update?.gradients.map(\.parameter.shape.dimensions) ?? []
    let kinds: [(String) -> Argument] = [
      { .changed($0) }, { .firstMoment($0) }, { .secondMoment($0) },
    ]
    let states = kinds.enumerated().map { kind, make in
      zip(changed, shapes).enumerated().map { place, pair in
        declare(make(pair.0), pair.1, .f32, result: kind * changed.count + place)
      }
    }
    for (place, name) in changed.enumerated() {
      known[name] = states[0][place]
      old.append(
        .init(value: states[0][place], first: states[1][place], second: states[2][place]))
    }
    var sources: [Node: HLOValue] = [:]
    for node in nodes {
      guard case .parameter(let name) = graph[node].operation else { continue }
      let value =
        known[name] ?? declare(.parameter(name), graph.shape(of: node).dimensions, .f32)
      known[name] = value
      sources[node] = value
    }
    let live = Set(nodes)
    for (place, node) in graph.inputs.enumerated() where live.contains(node) {
      let type: HLOType = graph[node].elementType == .index ? .i32 : .f32
      sources[node] = declare(.input(place), graph.shape(of: node).dimensions, type)
    }
    let position = declare(.position, [3], .ui32)
    var emission = Emission(graph, precision: precision, sources: sources, position: position)
    var returned: [HLOValue] = []
    emission.emit(nodes)
    if let update {
      let settings = declare(.settings, [Emission.Setting.allCases.count], .f32)
      let step = emission.update(update, old, settings: settings)
      returned =
        step.parameters.map(\.value) + step.parameters.map(\.first)
        + step.parameters.map(\.second) + [step.report]
    }
    returned += graph.outputs.map { emission[$0] }
    text = module(emission.builder.text, returned)
  }

  /// The number of records: what is as long in its first axis is shared out. Record numbers tell it; without any, the
  /// first input does. How arguments are shared out changes no result but by rounding.
  private static func batch(of graph: Graph) -> Int? {
    for entry in graph.entries {
      if case .normal = entry.operation { return graph.shape(of: entry.operands[0]).count }
      if case .uniform = entry.operation { return graph.shape(of: entry.operands[0]).count }
      if case .lstm = entry.operation { return graph.shape(of: entry.operands[3]).count }
    }
    return graph.inputs.first.flatMap { graph.shape(of: $0).dimensions.first }
  }

  private mutating func declare(
    _ argument: Argument, _ extents: [Int], _ type: HLOType, result: Int? = nil
  ) -> HLOValue {
    let value = HLOValue(name: "%arg\(arguments.count)", extents: extents, type: type)
    var isShared = false
    if case .input = argument, devices > 1, let first = extents.first {
      isShared = first == batch && first % devices == 0
    }
    var attributes: [String] = []
    if devices > 1 {
      let axes = ([devices] + extents.dropFirst().map { _ in 1 }).map(String.init)
      let sharding =
        isShared ? "devices=[\(axes.joined(separator: ","))]<=[\(devices)]" : "replicated"
      attributes.append("mhlo.sharding = \"{\(sharding)}\"")
    }
    if let result { attributes.append("tf.aliasing_output = \(result) : i32") }
    arguments.append(argument)
    isSharded.append(isShared)
    let suffix = attributes.isEmpty ? "" : " {\(attributes.joined(separator: ", "))}"
    signature.append("\(value.name): \(value.typeText)\(suffix)")
    return value
  }

  private func module(_ body: String, _ results: [HLOValue]) -> String {
    let suffix = devices > 1 ? " {mhlo.sharding = \"{replicated}\"}" : ""
    let types = results.map(\.typeText)
    let declared = types.map { $0 + suffix }.joined(separator: ", ")
    let names = results.map(\.name).joined(separator: ", ")
    return """
      module @cvae attributes {mhlo.num_partitions = \(devices) : i32, mhlo.num_replicas = 1 : i32} {
        func.func public @main(\(signature.joined(separator: ", "))) -> (\(declared)) {
      \(body)    return \(names) : \(types.joined(separator: ", "))
        }
      }
      """
  }
}
