internal import COneDNN
import TensorGraph

/// Turns a plan into commands: chooses each node's type and layout, inserts conversions, records
/// lifetimes, and at the end gives every buffer its place and creates every primitive.
final class Lowering {
  let graph: Graph
  let program: Program
  let session: OneDNNSession
  var engine: Engine { session.engine }
  let state = RunState()
  let plan: Plan
  /// The type in which each node is kept.
  private let types: [StorageType]
  /// For each node, the last instruction that reads it.
  private var lastReader: [Int]
  private let outputs: Set<Node>
  private let updates: UpdateSchedule?

  /// The instruction that is being lowered: the unit of lifetimes. What an instruction reads,
  /// converts and writes lives at the same time.
  private var step = 0
  private var values: [Node: [Value]] = [:]
  private var slots: [Slot] = []
  /// By place among the graph's inputs; nil where nothing reads one.
  private var inputs: [Value?]
  private var outputValues: [Value] = []
  /// Commands to be made once pointers are known.
  private var pending: [(label: String, make: () throws -> Command)] = []
  /// The name of what is being lowered, for profiles.
  private var label = ""
  /// Run once when the program is ready.
  private var preparations: [Command] = []
  private(set) var descriptions: [PrimitiveDescription] = []
  private(set) var usedForms: [(storage: ParameterStorage, form: ParameterStorage.Form)] = []
  var scratch: AlignedMemory?
  /// Whether gradients needn't be sent.
  let seesAllRanks: Bool
  /// Gradients that several ranks share, by parameter.
  private var sharedSlots: [(parameter: String, slot: Slot)] = []
  /// The parameters of which ranks share row-major gradients, though they lie in another order.
  var rowMajorGradients: Set<String> = []
  /// When gradients are shared; nil for a process alone, and without an update.
  private let sharing: GradientSharing?
  /// The layouts in which weights with these gradients would best be kept, where their products don't say.
  var gradientHomes: [Node: Layout] = [:]

  init(_ program: Program, session: OneDNNSession) throws {
    self.program = program
    self.session = session
    let (graph, plan) = (program.graph, Plan(program))
    self.graph = graph
    self.plan = plan
    types = TypeChoice(program, plan, precision: session.precision).types
    outputs = Set(graph.outputs)
    inputs = Array(repeating: nil, count: graph.inputs.count)
    lastReader = [Int](repeating: -1, count: graph.entries.count)
    for (index, instruction) in plan.instructions.enumerated() {
      for operand in instruction.operands { lastReader[operand.position] = index }
    }
    let isAlone = session.communicator == nil
    updates = isAlone ? program.update.map { UpdateSchedule($0, plan, graph) } : nil
    sharing = isAlone ? nil : program.update.map { GradientSharing($0, plan, session.buckets) }
    // Asked together, before the ranks could differ in anything.
    seesAllRanks = sharing == nil ? false : try session.seesAllRanks()
    for gradient in program.update?.gradients ?? [] { lastReader[gradient.node.position] = .max }
    if let update = program.update { lastReader[update.loss.position] = .max }
  }

  func finish() throws -> CompiledStep {
    for (index, instruction) in plan.instructions.enumerated() {
      step = index
      label = "\(instruction.kernel) \(instruction.results.map { graph.shape(of: $0) })"
      try lower(instruction)
      if let updates { try lowerEarlyUpdates(updates, after: index) }
      if let sharing { try lowerSharing(sharing, after: index) }
    }
    step = plan.instructions.count
    label = "outputs and update"
    for output in graph.outputs {
      let isIndex = graph[output].elementType == .index
      let value = try self.value(of: output, as: isIndex ? .index : .float32)
      keep(value)
      outputValues.append(value)
    }
    if let updates { try lowerLateUpdates(updates) }
    if let sharing { try lowerSharedUpdate(sharing) }
    return try assemble()
  }

  /// Gives buffers their places in memory of their own.
  private func place(
    _ slots: [Slot], in memory: (_ bytes: Int) -> AlignedMemory
  ) -> AlignedMemory {
    let placement = BufferSharing.place(
      slots.map {
        BufferSharing.Request(bytes: $0.bytes, lifetime: $0.first...max($0.first, $0.last))
      })
    let arena = memory(placement.bytes)
    for (slot, offset) in zip(slots, placement.offsets) { slot.place(at: arena.pointer + offset) }
    return arena
  }

  /// Places buffers, fixes the layouts of parameters, then makes the commands.
  private func assemble() throws -> CompiledStep {
    let own = slots.filter { !$0.isOfRanks }
    let arenas = [
      place(own.filter(\.isKept)) { session.allocate(bytes: $0) },
      place(own.filter { !$0.isKept }) { session.transientMemory(bytes: $0) },
    ]
    let trained = Set(program.update?.gradients.map(\.parameter.name) ?? [])
    let used = trained.union(usedForms.map(\.storage.parameter.name))
    // What ranks update together lies in memory that they may share.
    if let sharing { try session.share(sharing, rowMajor: rowMajorGradients, usedForms) }
    ParameterStorage.place(session.storages(of: used), in: session)
    if sharing != nil {
      for (parameter, slot) in sharedSlots {
        slot.place(at: try session.sharedUpdate().pointer(of: parameter))
      }
    } else {
      ParameterStorage.placeMoments(session.storages(of: trained), in: session)
    }
    for (storage, form) in usedForms { try storage.settle(form) }
    scratch = session.scratch(for: descriptions)
    let commands = try pending.map { (label: $0.label, command: try $0.make()) }
    for preparation in preparations { try preparation.run() }
    return CompiledStep(
      program, session: session, arenas: arenas, commands: commands, forms: usedForms,
      inputs: inputs, outputs: outputValues, state: state)
  }

  // MARK: Commands

  /// Adds a command; `make` is called once all pointers are known.
  func emit(_ make: @escaping () throws -> Command) {
    pending.append((label, make))
  }

  /// Records that the current instruction reads or writes a value.
  func touch(_ value: Value) { value.touch(step) }

  /// Adds a command that runs a primitive on those arguments that exist.
  func emit(
    _ description: PrimitiveDescription, isProduct: Bool = false,
    _ arguments: (number: Int32, layout: Layout?, value: Value?)...
  ) {
    descriptions.append(description)
    emit { [session, unowned self] in
      let scratch = try unwrapped(self.scratch, "find scratch memory")
      let bound = arguments.compactMap { number, layout, value in
        layout.flatMap { layout in value.map { Primitive.Argument(number, layout, $0.pointer) } }
      }
      let primitive = try session.primitive(description, bound, scratch: scratch)
      return Command(isProduct: isProduct) { try primitive.run() }
    }
  }

  /// Adds a command that runs a primitive on several lots of arguments, in the order and with the loops of `body`.
  func emit(
    _ description: PrimitiveDescription, each arguments: [() -> [Primitive.Argument]],
    _ body: @escaping ([Primitive]) throws -> Void
  ) {
    descriptions.append(description)
    emit { [session, unowned self] in
      let scratch = try unwrapped(self.scratch, "find scratch memory")
      let primitives = try arguments.map { bound in
        try session.primitive(description, bound(), scratch: scratch)
      }
      return Command(isProduct: true) { try body(primitives) }
    }
  }

  // MARK: Values

  func type(of node: Node) -> StorageType { types[node.position] }

  func makeSlot(bytes: Int) -> Slot {
    let slot = Slot(bytes: bytes, step: step)
    slots.append(slot)
    return slot
  }

  /// A parameter's gradient in the memory that ranks share: `value` itself where nothing reads it after the ranks'
  /// exchange but the update, else a copy.
  func share(_ value: Value, of node: Node, bytes: Int, parameter: String) {
    touch(value)
    if case .slot(let slot) = value.place, slot.bytes == bytes, !slot.isShared, !slot.isOfRanks,
      !outputs.contains(node), !isSource(node)
    {
      slot.isOfRanks = true
      sharedSlots.append((parameter, slot))
      return
    }
    let slot = Slot(bytes: bytes, step: step)
    slot.isOfRanks = true
    sharedSlots.append((parameter, slot))
    let copy = Value(place: .slot(slot), type: .float32, arrangement: value.arrangement)
    emit { [session] in Command { Loops.convert(value, copy, bytes / 4, session.threads) } }
  }

  /// A new buffer for a node.
  func define(
    _ node: Node, as type: StorageType? = nil, _ arrangement: Value.Arrangement = .rowMajor
  ) -> Value {
    let type = type ?? self.type(of: node)
    let slot = makeSlot(bytes: graph.shape(of: node).count * type.bytes)
    let value = Value(place: .slot(slot), type: type, arrangement: arrangement)
    values[node, default: []].append(value)
    return value
  }

  /// A new buffer for a node in a primitive's own layout.
  func define(_ node: Node, layout: Layout, type: StorageType) -> Value {
    let value = buffer(layout, type)
    values[node, default: []].append(value)
    return value
  }

  /// A new buffer in a primitive's own layout.
  func buffer(_ layout: Layout, _ type: StorageType) -> Value {
    Value(place: .slot(makeSlot(bytes: layout.bytes)), type: type, arrangement: .primitive(layout))
  }

  /// The same numbers under another node.
  func alias(_ node: Node, to value: Value) {
    if case .slot(let slot) = value.place { slot.isShared = true }
    values[node, default: []].append(value)
  }

  /// A value for `node`, in its natural arrangement, in the buffer of an operand that nothing reads
  /// any more, if there is one of its type among `candidates`; else in a new buffer.
  func define(_ node: Node, inPlaceOf candidates: [(node: Node, value: Value)]) -> Value {
    let type = self.type(of: node)
    let arrangement = naturalArrangement(of: node)
    let bytes = graph.shape(of: node).count * type.bytes
    for (operand, value) in candidates {
      guard case .slot(let slot) = value.place, !slot.isShared,
        value.arrangement == arrangement, value.type == type, slot.bytes == bytes,
        lastReader[operand.position] <= step, !outputs.contains(operand), !isSource(operand)
      else { continue }
      slot.touch(step)
      values[node, default: []].append(value)
      return value
    }
    return define(node, as: type, arrangement)
  }

  /// A node's value in a product's own layout, where it has one.
  func productValue(of node: Node) -> (Value, Layout)? {
    for value in values[node] ?? [] {
      if case .primitive(let layout) = value.arrangement { return (value, layout) }
    }
    return nil
  }

  private func isSource(_ node: Node) -> Bool { graph[node].operands.isEmpty }

  func keep(_ value: Value) {
    if case .slot(let slot) = value.place { slot.keepForever() }
  }

  /// Pictures whose channels fill blocks lie in blocks; all else is row-major.
  func naturalArrangement(of node: Node) -> Value.Arrangement {
    let shape = graph.shape(of: node)
    guard let block = session.pictureBlock, shape.rank == 4, shape.columns % block == 0,
      graph[node].elementType == .real
    else { return .rowMajor }
    return .blocked
  }

  /// A node's numbers in any type: whichever there is.
  func value(of node: Node, _ arrangement: Value.Arrangement = .rowMajor) throws -> Value {
    if let known = values[node]?.first(where: { $0.arrangement == arrangement }) {
      known.touch(step)
      return known
    }
    let type: StorageType = graph[node].elementType == .index ? .index : .float32
    return try value(of: node, as: type, arrangement)
  }

  /// A node's numbers in one type and order; converted where they are not.
  func value(
    of node: Node, as type: StorageType, _ arrangement: Value.Arrangement = .rowMajor
  ) throws -> Value {
    let isRight = { (value: Value) in value.arrangement == arrangement && value.type == type }
    if let known = values[node]?.first(where: isRight) {
      known.touch(step)
      return known
    }
    if values[node] == nil, let source = try sourceValue(node), isRight(source) { return source }
    guard var available = values[node]?.first else {
      preconditionFailure("Node \(node.position) is read before it is made.")
    }
    if case .primitive = available.arrangement, arrangement == .blocked {
      available = try value(of: node, as: .float32)
    }
    available.touch(step)
    let value = define(node, as: type, arrangement)
    if available.arrangement == arrangement {
      let count = graph.shape(of: node).count
      emit { [session] in Command { Loops.convert(available, value, count, session.threads) } }
    } else if case .primitive(let layout) = available.arrangement {
      try emitReorder(available, layout, value, .plainWeight(type, graph.shape(of: node)))
    } else {
      try emitReorder(
        available, pictureLayout(node, available), value, pictureLayout(node, value))
    }
    return value
  }

  /// How pictures lie in one of their values.
  func pictureLayout(_ node: Node, _ value: Value) throws -> Layout {
    try .pictures(
      value.type, graph.shape(of: node),
      block: value.arrangement == .blocked ? session.pictureBlock : nil)
  }

  func emitReorder(_ from: Value, _ source: Layout, _ to: Value, _ target: Layout) throws {
    let description = try PrimitiveDescription(engine, from: source, to: target)
    emit(description, (DNNL_ARG_FROM, source, from), (DNNL_ARG_TO, target, to))
  }

  /// A copy of a value in a primitive's own layout.
  func copied(_ value: Value, from source: Layout, to target: Layout) throws -> Value {
    let copy = buffer(target, value.type)
    try emitReorder(value, source, copy, target)
    return copy
  }

  /// Inputs, parameters and constants are made where they are first read.
  private func sourceValue(_ node: Node) throws -> Value? {
    let entry = graph[node]
    switch entry.operation {
    case .input(let place), .indexInput(let place):
      let value = define(node, as: entry.elementType == .index ? .index : .float32)
      keep(value)
      inputs[place] = value
      return value
    case .constant(let number):
      let value = define(node, as: .float32)
      keep(value)
      preparations.append(Command { Loops.fill(value, Float(number), entry.shape.count) })
      return value
    case .parameter(let name):
      let storage = session.storage(name)
      let form = storage.form(try ParameterStorage.plainLayout(storage.parameter))
      usedForms.append((storage, form))
      let value = Value(
        place: .parameter(storage, form), type: .float32, arrangement: .rowMajor)
      values[node, default: []].append(value)
      return value
    default: return nil
    }
  }

  /// A weight in the layout that a primitive wants.
  func weight(_ node: Node, _ layout: Layout) throws -> Value {
    guard case .parameter(let name) = graph[node].operation else {
      let source = try value(of: node, as: .float32)
      return try copied(
        source, from: .plainWeight(.float32, graph.shape(of: node)), to: layout)
    }
    let storage = session.storage(name)
    let form = storage.form(layout)
    usedForms.append((storage, form))
    return Value(
      place: .parameter(storage, form), type: .float32, arrangement: .primitive(layout))
  }
}
