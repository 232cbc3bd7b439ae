internal import CFusedLoops
internal import COneDNN
import TensorGraph

/// One parameter: its float32 values in the layout that the products like, the optimiser's state, and copies in
/// other layouts or types.
final class ParameterStorage {
  /// A copy that some primitive reads. Its source is the float32 original.
  final class Form {
    let layout: Layout
    /// Nil where the original itself serves.
    var memory: AlignedMemory?
    /// Set where the optimiser writes this copy in its own pass.
    var order: NarrowOrder?
    /// Otherwise the reorder that fills it.
    var reorder: Primitive?
    /// Whether the ranks of this machine share it, each of which writes a part in the optimiser's pass.
    var isOfRanks = false
    /// The version of the original that it was copied from.
    var version = -1

    init(_ layout: Layout) { self.layout = layout }
  }

  let parameter: Parameter
  /// Its place in the order of declaration.
  let place: Int
  private(set) var layout: Layout
  private(set) var values: AlignedMemory
  private(set) var first: AlignedMemory?
  private(set) var second: AlignedMemory?
  private(set) var forms: [Form] = []
  /// Grows with every change of the values.
  var version = 0
  /// Whether the layout is chosen.
  private var isFixed = false
  /// Whether programs hold pointers to the values, and to the moments.
  private var isPlaced = false
  private var hasPlacedMoments = false
  private unowned let session: OneDNNSession

  init(
    _ parameter: Parameter, at place: Int, values initial: [Float], session: OneDNNSession
  ) throws {
    self.parameter = parameter
    self.place = place
    self.session = session
    layout = try ParameterStorage.plainLayout(parameter)
    values = session.allocate(bytes: initial.count * 4)
    values.fill(with: initial)
  }

  /// Row-major.
  static func plainLayout(_ parameter: Parameter) throws -> Layout {
    let shape = parameter.shape
    return shape.rank == 2 || shape.rank == 4
      ? try .plainWeight(.float32, shape) : try .plain(.float32, shape.dimensions)
  }

  /// Moves the values into the layout `wanted`, unless a program relies on where they are.
  func adopt(_ wanted: Layout) throws {
    guard !isFixed else { return }
    isFixed = true
    if wanted == layout { return }
    values = try moved(values, to: wanted)
    first = try first.map { try moved($0, to: wanted) }
    second = try second.map { try moved($0, to: wanted) }
    layout = wanted
  }

  private func moved(_ memory: AlignedMemory, to wanted: Layout) throws -> AlignedMemory {
    let target = session.allocate(bytes: wanted.bytes)
    try session.reorder(from: layout, memory.pointer, to: wanted, target.pointer).run()
    return target
  }

  /// Moves the values of `storages` into one arena, in this order, but for those that a program
  /// points to. From here on pointers into them are in use.
  static func place(_ storages: [ParameterStorage], in session: OneDNNSession) {
    let movable = storages.filter { !$0.isPlaced }
    if movable.isEmpty { return }
    let parts = AlignedMemory.parts(movable.map(\.layout.bytes)) { session.allocate(bytes: $0) }
    for (storage, part) in zip(movable, parts) { storage.move(to: part) }
  }

  /// Moves the values to where they stay.
  ///
  /// - Parameter isCopied: Whether they are written there; else another rank does so.
  func move(to memory: AlignedMemory, isCopied: Bool = true) {
    precondition(!isPlaced, "A program points to where \(parameter.name) lies.")
    if isCopied {
      memory.pointer.copyMemory(from: values.pointer, byteCount: layout.bytes)
    }
    values = memory
    isFixed = true
    isPlaced = true
  }

  /// Moves both moments of `storages` into an arena each, likewise.
  static func placeMoments(_ storages: [ParameterStorage], in session: OneDNNSession) {
    let movable = storages.filter { !$0.hasPlacedMoments }
    if movable.isEmpty { return }
    for moment in [\ParameterStorage.first, \ParameterStorage.second] {
      let parts = AlignedMemory.parts(movable.map(\.momentBytes)) { session.allocate(bytes: $0) }
      for (storage, part) in zip(movable, parts) {
        if let old = storage[keyPath: moment] {
          part.pointer.copyMemory(from: old.pointer, byteCount: storage.momentBytes)
        }
        storage[keyPath: moment] = part
      }
    }
    for storage in movable { storage.hasPlacedMoments = true }
  }

  private var momentBytes: Int { layout.paddedCount * 4 }

  /// The form for a layout; where it lies is known after ``settle(_:)``.
  func form(_ wanted: Layout) -> Form {
    if let known = forms.first(where: { $0.layout == wanted }) { return known }
    let form = Form(wanted)
    forms.append(form)
    return form
  }

  /// Gives a form its place: the original, a copy that the optimiser writes, or a reordered copy.
  func settle(_ form: Form) throws {
    precondition(isPlaced, "\(parameter.name) has no place yet.")
    guard form.memory == nil, form.layout != layout else { return }
    let memory = session.allocate(bytes: form.layout.bytes)
    form.memory = memory
    form.order = layout.narrowOrder(of: form.layout)
    if form.order == nil {
      form.reorder = try session.reorder(
        from: layout, values.pointer, to: form.layout, memory.pointer)
    }
  }

  func pointer(_ form: Form) -> UnsafeMutableRawPointer { form.memory?.pointer ?? values.pointer }

  /// The copy that the optimiser writes along, if there is one.
  var narrowForm: Form? { forms.first { $0.order != nil && $0.memory != nil } }

  /// How a copy that the optimiser would write along is ordered; nil for any other form.
  func orderOfCopy(_ form: Form) -> NarrowOrder? {
    form.memory == nil && form.layout != layout ? layout.narrowOrder(of: form.layout) : nil
  }

  /// Gives a form its place in memory that ranks share, each of which writes a part.
  func share(_ form: Form, _ order: NarrowOrder, in memory: AlignedMemory) {
    form.memory = memory
    form.order = order
    form.isOfRanks = true
  }

  /// The ranks have changed the values, and the copy that they share with them.
  func noteUpdateByRanks() {
    version += 1
    if let form = narrowForm, form.isOfRanks { form.version = version }
  }

  /// How the values lie under a row-major gradient; nil where they aren't in panels.
  var panels: cvae_panels? { layout.panels(of: parameter.shape) }

  func prepareMoments() -> (first: AlignedMemory, second: AlignedMemory) {
    let pair = (
      first: first ?? session.allocate(bytes: momentBytes),
      second: second ?? session.allocate(bytes: momentBytes)
    )
    (first, second) = pair
    return pair
  }

  /// The number that each place would have if the row-major values were 0, 1, 2, …: how the layout orders them.
  func places() throws -> [Float] {
    try arranged((0..<parameter.shape.count).map { Float($0 & 0xFFFFF) })
  }

  /// Row-major numbers in the order in which the values lie.
  func arranged(_ numbers: [Float]) throws -> [Float] {
    let target = AlignedMemory(bytes: layout.bytes)
    try importing(numbers, to: target.pointer)
    let arranged = target.pointer.assumingMemoryBound(to: Float.self)
    return Array(UnsafeBufferPointer(start: arranged, count: layout.paddedCount))
  }

  /// Numbers that lie as the values do, in row-major order.
  func export(_ numbers: [Float]) throws -> [Float] {
    let source = AlignedMemory(bytes: layout.bytes)
    source.fill(with: numbers)
    return try export(source.pointer)
  }

  /// The numbers behind `pointer`, which lie as the values do, in row-major order.
  func export(_ pointer: UnsafeMutableRawPointer) throws -> [Float] {
    let plain = try ParameterStorage.plainLayout(parameter)
    let count = parameter.shape.count
    let target = AlignedMemory(bytes: plain.bytes)
    try session.reorder(from: layout, pointer, to: plain, target.pointer).run()
    let numbers = target.pointer.assumingMemoryBound(to: Float.self)
    return Array(UnsafeBufferPointer(start: numbers, count: count))
  }

  /// Writes row-major numbers to `pointer`, where they will lie as the values do.
  func importing(_ numbers: [Float], to pointer: UnsafeMutableRawPointer) throws {
    precondition(
      numbers.count == parameter.shape.count,
      "\(parameter.name) takes \(parameter.shape.count) numbers, not \(numbers.count).")
    let plain = try ParameterStorage.plainLayout(parameter)
    let source = AlignedMemory(bytes: plain.bytes)
    source.fill(with: numbers)
    try session.reorder(from: plain, source.pointer, to: layout, pointer).run()
  }
}
