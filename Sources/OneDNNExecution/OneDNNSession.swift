internal import CFusedLoops
internal import COneDNN
import TensorGraph

/// Parameters in oneDNN's layouts, and the programs that use them.
final class OneDNNSession: ExecutionSession {
  let engine: Engine
  let precision: Precision
  let threads: Int
  let communicator: (any Communicator)?
  /// The blocks of channels in which pictures are kept; nil where convolutions like them row-major.
  let pictureBlock: Int?
  private(set) var storages: [String: ParameterStorage] = [:]
  private(set) var counters = ExecutionCounters()
  var updateCount = 0
  var largestNorm: Double?
  var gradientNorm: Double?
  /// The update that ranks share; nil for a process alone, and before the first program that has one.
  private(set) var shared: SharedUpdate?
  /// The parameters of each of its buckets.
  private(set) var buckets: [[String]]?
  /// Those whose gradients are row-major though they aren't; nil before the first program.
  private(set) var rowMajor: Set<String>?
  private var knowsAllRanks: Bool?
  /// Scratch memory that all primitives share, since they run one after the other.
  private var scratch = AlignedMemory(bytes: 64)
  /// What programs compute on the way, in memory that they share for the same reason.
  private var transient = AlignedMemory(bytes: 64)

  init(
    _ store: ParameterStore, precision: Precision, threads: Int, communicator: (any Communicator)?
  ) throws {
    self.precision = precision
    self.threads = threads
    self.communicator = communicator
    cvae_set_threads(Int32(threads))
    engine = try Engine()
    let type: StorageType = precision == .bfloat16 ? .bfloat16 : .float32
    let block = Int(cvae_picture_block(engine.handle, type.code))
    pictureBlock = block > 0 ? block : nil
    for (place, parameter) in store.parameters.enumerated() {
      storages[parameter.name] = try ParameterStorage(
        parameter, at: place, values: store.initialValues(of: parameter), session: self)
    }
  }

  func compile(_ program: Program) throws -> any CompiledProgram {
    cvae_set_threads(Int32(threads))
    return try Lowering(program, session: self).finish()
  }

  func value(of parameter: Parameter) throws -> [Float] {
    let storage = storage(parameter.name)
    return try storage.export(storage.values.pointer)
  }

  func setValue(_ values: [Float], of parameter: Parameter) throws {
    let storage = storage(parameter.name)
    if let shared {
      try shared.setValues(of: storage, values)
    } else {
      try storage.importing(values, to: storage.values.pointer)
    }
    storage.version += 1
  }

  func moments(of parameter: Parameter) throws -> (first: [Float], second: [Float]) {
    let storage = storage(parameter.name)
    if let shared {
      let zeros = [Float](repeating: 0, count: storage.layout.paddedCount)
      let moments = try shared.moments(of: storage) ?? (zeros, zeros)
      return (try storage.export(moments.first), try storage.export(moments.second))
    }
    let pair = storage.prepareMoments()
    return (try storage.export(pair.first.pointer), try storage.export(pair.second.pointer))
  }

  func setMoments(first: [Float], second: [Float], of parameter: Parameter) throws {
    let storage = storage(parameter.name)
    if let shared {
      return try shared.setMoments(
        of: storage, first: storage.arranged(first), second: storage.arranged(second))
    }
    let pair = storage.prepareMoments()
    try storage.importing(first, to: pair.first.pointer)
    try storage.importing(second, to: pair.second.pointer)
  }

  /// Prepares the update that ranks share, in the session's first program that has one; that places its parameters.
  ///
  /// - Parameters:
  ///   - rowMajor: The parameters whose gradients are row-major, though they aren't.
  ///   - forms: The parameters that the program reads, as it reads them.
  func share(
    _ sharing: GradientSharing, rowMajor: Set<String>,
    _ forms: [(storage: ParameterStorage, form: ParameterStorage.Form)]
  ) throws {
    guard shared == nil, let communicator else { return }
    shared = try SharedUpdate(sharing.buckets, rowMajor: rowMajor, forms, self, communicator)
    buckets = sharing.buckets
    self.rowMajor = rowMajor
  }

  /// Whether all ranks see each other's memory. All must ask at the same time.
  func seesAllRanks() throws -> Bool {
    if let known = knowsAllRanks { return known }
    let seen = try communicator.map { communicator in
      try communicator.shareMemory(bytes: 0).isOfAll
    }
    knowsAllRanks = seen
    return seen ?? true
  }

  /// The update that ranks share.
  func sharedUpdate() throws -> SharedUpdate { try unwrapped(shared, "find the ranks' gradients") }

  func storage(_ name: String) -> ParameterStorage {
    guard let storage = storages[name] else {
      preconditionFailure("The session has no parameter \(name).")
    }
    return storage
  }

  /// The storages of some parameters, in the order of declaration.
  func storages(of names: Set<String>) -> [ParameterStorage] {
    names.map(storage).sorted { $0.place < $1.place }
  }

  /// Allocates memory, and counts it.
  func allocate(bytes: Int) -> AlignedMemory {
    counters.buffersAllocated += 1
    return AlignedMemory(bytes: bytes, color: counters.buffersAllocated)
  }

  /// Room for a primitive's intermediate results, kept until the session ends.
  func scratch(for descriptions: [PrimitiveDescription]) -> AlignedMemory {
    let needed = descriptions.map { $0.scratchpad?.bytes ?? 0 }.max() ?? 0
    if needed > scratch.bytes { scratch = allocate(bytes: needed) }
    return scratch
  }

  /// Room for what a program computes on the way to its outputs.
  ///
  /// Programs compiled before keep what they have; so a little more is made than is needed, for those to come.
  func transientMemory(bytes: Int) -> AlignedMemory {
    if bytes > transient.bytes {
      transient = allocate(bytes: transient.bytes > 64 ? bytes + bytes / 4 : bytes)
    }
    return transient
  }

  func primitive(
    _ description: PrimitiveDescription, _ arguments: [Primitive.Argument],
    scratch: AlignedMemory
  ) throws -> Primitive {
    counters.primitivesCreated += 1
    return try Primitive(description, arguments, scratch: scratch)
  }

  func reorder(
    from: Layout, _ source: UnsafeMutableRawPointer, to: Layout, _ target: UnsafeMutableRawPointer
  ) throws -> Primitive {
    let description = try PrimitiveDescription(engine, from: from, to: to)
    return try primitive(
      description,
      [.init(DNNL_ARG_FROM, from, source), .init(DNNL_ARG_TO, to, target)],
      scratch: scratch(for: [description]))
  }
}
