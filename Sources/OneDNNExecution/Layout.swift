internal import CFusedLoops
internal import COneDNN
import TensorGraph

/// How numbers are stored.
enum StorageType: Hashable {
  case float32, bfloat16, index

  var bytes: Int { self == .bfloat16 ? 2 : 4 }

  var code: dnnl_data_type_t {
    switch self {
    case .float32: dnnl_f32
    case .bfloat16: dnnl_bf16
    case .index: dnnl_s32
    }
  }
}

/// How a tensor lies in memory, as oneDNN describes it.
final class Layout: Equatable {
  let handle: cvae_layout_t

  private init(owning handle: cvae_layout_t) { self.handle = handle }

  deinit { cvae_layout_destroy(handle) }

  /// Each axis at a distance of its own.
  private static func strided(
    _ type: StorageType, _ extents: [Int], _ strides: [Int]
  ) throws -> Layout {
    var handle: cvae_layout_t?
    try check(
      cvae_layout_strided(
        &handle, type.code, Int32(extents.count), extents.map(Int64.init),
        strides.map(Int64.init)), "describe a tensor \(extents)")
    return Layout(owning: try unwrapped(handle, "describe a tensor"))
  }

  /// Row-major and without gaps; a transposed matrix has its columns one after the other.
  static func plain(
    _ type: StorageType, _ extents: [Int], transposed: Bool = false
  ) throws -> Layout {
    let sizes = extents.isEmpty ? [1] : extents
    return try strided(type, sizes, transposed ? [1, sizes[0]] : Shape(sizes).strides)
  }

  /// The matrices `[steps, columns]` of a batch of records, in rows that are ordered by step, then by record:
  /// `[batch, steps, columns]`, or with the last two axes exchanged.
  static func ofEachRecord(_ rows: Shape, batch: Int, transposed: Bool) throws -> Layout {
    let (steps, columns) = (rows.rows / batch, rows.columns)
    let (extents, strides) = ([batch, steps, columns], [columns, batch * columns, 1])
    let order = transposed ? [0, 2, 1] : [0, 1, 2]
    return try strided(.float32, order.map { extents[$0] }, order.map { strides[$0] })
  }

  /// A weight `[in, out]` or `[height, width, in, out]` in row-major order. oneDNN's axes are
  /// (out, in, height, width).
  static func plainWeight(_ type: StorageType, _ shape: Shape) throws -> Layout {
    let (extents, strides) = (shape.dimensions, shape.strides)
    let axes = [extents.count - 1, extents.count - 2] + Array(0..<extents.count - 2)
    return try strided(type, axes.map { extents[$0] }, axes.map { strides[$0] })
  }

  /// A weight in whatever layout a primitive likes best.
  static func anyWeight(_ type: StorageType, _ shape: Shape) throws -> Layout {
    let extents = shape.dimensions
    return try any(
      type, [extents[extents.count - 1], extents[extents.count - 2]] + extents.dropLast(2))
  }

  /// Pictures `[batch, height, width, channels]` in row-major order, or in blocks of `block`
  /// channels. oneDNN's axes are (batch, channels, height, width).
  static func pictures(_ type: StorageType, _ shape: Shape, block: Int?) throws -> Layout {
    let (extents, strides) = (shape.dimensions, shape.strides)
    let axes = [0, 3, 1, 2]
    guard let block else {
      return try strided(type, axes.map { extents[$0] }, axes.map { strides[$0] })
    }
    var handle: cvae_layout_t?
    try check(
      cvae_layout_blocked(
        &handle, type.code, axes.map { Int64(extents[$0]) }, Int32(block)),
      "describe pictures \(extents)")
    return Layout(owning: try unwrapped(handle, "describe pictures"))
  }

  /// Whatever layout a primitive likes best.
  static func any(_ type: StorageType, _ extents: [Int]) throws -> Layout {
    var handle: cvae_layout_t?
    try check(
      cvae_layout_any(&handle, type.code, Int32(extents.count), extents.map(Int64.init)),
      "describe a tensor \(extents)")
    return Layout(owning: try unwrapped(handle, "describe a tensor"))
  }

  /// The layout that a primitive wants for one of its arguments; nil if it has no such argument.
  static func of(_ primitive: dnnl_primitive_desc_t, _ argument: dnnl_query_t) -> Layout? {
    cvae_layout_of(primitive, argument).map(Layout.init(owning:))
  }

  var bytes: Int { cvae_layout_bytes(handle) }
  var paddedCount: Int { cvae_layout_padded_count(handle) }

  /// The panels in which a float32 weight of `shape` `[in, out]` lies, if it does.
  func panels(of shape: Shape) -> cvae_panels? {
    var (width, rows): (Int64, Int64) = (0, 0)
    // oneDNN 3 has panels of 24 and 48, too.
    guard shape.rank == 2, cvae_layout_panels(handle, &width, &rows),
      Int(CVAE_ADAM_BLOCK) % Int(width) == 0
    else { return nil }
    return cvae_panels(
      width: Int(width), padded_rows: Int(rows), rows: shape.rows, columns: shape.columns)
  }

  static func == (left: Layout, right: Layout) -> Bool {
    cvae_layout_equal(left.handle, right.handle)
  }

  /// How a narrow copy of a float32 tensor in this layout is ordered, where one pass over the
  /// elements can write it.
  func narrowOrder(of narrow: Layout) -> NarrowOrder? {
    switch cvae_layout_interleave(handle, narrow.handle) {
    case 0: nil
    case -1: .same
    case let width where Int(CVAE_ADAM_BLOCK) % (2 * Int(width)) == 0: .interleaved(Int(width))
    default: nil
    }
  }
}

/// The order of a bfloat16 copy against its float32 original.
enum NarrowOrder: Equatable {
  case same
  /// Pairs of rows of this many elements, element by element in turn.
  case interleaved(Int)
}
