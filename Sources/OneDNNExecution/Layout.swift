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

  /// Row-major and without gaps; a transposed matrix has its columns one after the other.
  static func plain(
    _ type: StorageType, _ extents: [Int], transposed: Bool = false
  ) throws -> Layout {
    var handle: cvae_layout_t?
    let sizes = extents.isEmpty ? [1] : extents.map(Int64.init)
    try check(
      cvae_layout_plain(&handle, type.code, Int32(sizes.count), sizes, transposed),
      "describe a tensor \(extents)")
    return Layout(owning: try unwrapped(handle, "describe a tensor"))
  }

  /// Whatever a primitive likes best.
  static func any(_ type: StorageType, _ extents: [Int]) throws -> Layout {
    var handle: cvae_layout_t?
    try check(
      cvae_layout_any(&handle, type.code, Int32(extents.count), extents.map(Int64.init)),
      "describe a tensor \(extents)")
    return Layout(owning: try unwrapped(handle, "describe a tensor"))
  }

  /// What a primitive wants for one of its arguments; nil where it takes none.
  static func of(_ primitive: dnnl_primitive_desc_t, _ argument: dnnl_query_t) -> Layout? {
    cvae_layout_of(primitive, argument).map(Layout.init(owning:))
  }

  var bytes: Int { cvae_layout_bytes(handle) }
  var paddedCount: Int { cvae_layout_padded_count(handle) }

  static func == (left: Layout, right: Layout) -> Bool {
    cvae_layout_equal(left.handle, right.handle)
  }

  /// How a narrow copy of a float32 tensor in this layout is ordered, where one pass over the
  /// elements can write it.
  func narrowOrder(of narrow: Layout) -> NarrowOrder? {
    switch cvae_layout_interleave(handle, narrow.handle) {
    case 0: nil
    case -1: .same
    case let width: .interleaved(Int(width))
    }
  }
}

/// The order of a bfloat16 copy against its float32 original.
enum NarrowOrder: Equatable {
  case same
  /// Pairs of rows of this many elements, element by element in turn.
  case interleaved(Int)
}
