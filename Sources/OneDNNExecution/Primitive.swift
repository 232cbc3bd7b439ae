internal import COneDNN

/// A oneDNN primitive with its arguments bound: running it allocates no tensor.
final class Primitive {
  /// One argument: oneDNN's number for it, how it lies, and where.
  struct Argument {
    let number: Int32
    let layout: Layout
    let pointer: UnsafeMutableRawPointer

    init(_ number: Int32, _ layout: Layout, _ pointer: UnsafeMutableRawPointer) {
      self.number = number
      self.layout = layout
      self.pointer = pointer
    }
  }

  private let engine: Engine
  private let scratch: AlignedMemory
  private let primitive: dnnl_primitive_t
  private var memories: [dnnl_memory_t] = []
  private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>

  init(
    _ description: PrimitiveDescription, _ bound: [Argument], scratch: AlignedMemory
  ) throws {
    engine = description.engine
    self.scratch = scratch
    var handle: dnnl_primitive_t?
    try check(dnnl_primitive_create(&handle, description.handle), "create a primitive")
    primitive = try unwrapped(handle, "create a primitive")
    var all = bound
    if let layout = description.scratchpad {
      all.append(Argument(DNNL_ARG_SCRATCHPAD, layout, scratch.pointer))
    }
    arguments = .allocate(capacity: all.count)
    for (index, argument) in all.enumerated() {
      var memory: dnnl_memory_t?
      try check(
        cvae_memory(&memory, argument.layout.handle, engine.handle, argument.pointer),
        "describe an argument")
      let made = try unwrapped(memory, "describe an argument")
      memories.append(made)
      arguments.initializeElement(
        at: index, to: dnnl_exec_arg_t(arg: argument.number, memory: made))
    }
  }

  deinit {
    for memory in memories { dnnl_memory_destroy(memory) }
    dnnl_primitive_destroy(primitive)
    arguments.deallocate()
  }

  func run() throws {
    let status = dnnl_primitive_execute(
      primitive, engine.stream, Int32(arguments.count), arguments.baseAddress)
    try check(status, "run a primitive")
  }
}

/// A primitive that is chosen but not yet created: it says which layouts it wants.
final class PrimitiveDescription {
  let engine: Engine
  let handle: dnnl_primitive_desc_t

  /// `make` fills the description.
  init(
    _ engine: Engine, _ action: String,
    _ make: (UnsafeMutablePointer<dnnl_primitive_desc_t?>) -> dnnl_status_t
  ) throws {
    self.engine = engine
    var handle: dnnl_primitive_desc_t?
    try check(make(&handle), action)
    self.handle = try unwrapped(handle, action)
  }

  /// A copy from one layout to another.
  convenience init(_ engine: Engine, from source: Layout, to target: Layout) throws {
    try self.init(engine, "copy a tensor to another layout") {
      cvae_reorder($0, engine.handle, source.handle, target.handle)
    }
  }

  deinit { dnnl_primitive_desc_destroy(handle) }

  var scratchpad: Layout? { Layout.of(handle, dnnl_query_scratchpad_md) }

  func layout(_ argument: dnnl_query_t) throws -> Layout {
    try unwrapped(Layout.of(handle, argument), "tell a primitive's layout")
  }
}
