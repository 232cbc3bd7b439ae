/// oneDNN as Swift sees it: the library's own header, and functions for what Swift can't import or
/// what differs between oneDNN 2.x and 3.x (descriptors of memory and of operations).
///
/// The bodies in onednn_shim.c call oneDNN 3. For 2.x, onednn_2.h supplies what they call; nothing
/// else in the package knows the version. Tested with 2.6.3, 3.2 and 3.7.2.
#ifndef CVAE_ONEDNN_SHIM_H
#define CVAE_ONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How a tensor lies in memory: oneDNN's own description of it. Owned by the caller, who destroys
/// it.
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t cvae_layout_t;
#else
typedef dnnl_memory_desc_t *cvae_layout_t;
#endif

/// Each axis at a distance of its own, in elements.
dnnl_status_t cvae_layout_strided(
    cvae_layout_t _Nullable *_Nonnull layout, dnnl_data_type_t type, int rank,
    const int64_t *_Nonnull extents, const int64_t *_Nonnull strides);
/// Pictures, extents (batch, channels, height, width), in blocks of `block` channels.
dnnl_status_t cvae_layout_blocked(
    cvae_layout_t _Nullable *_Nonnull layout, dnnl_data_type_t type,
    const int64_t *_Nonnull extents, int block);
/// The block of channels that convolutions like best on this processor; 0 where that is none.
int cvae_picture_block(dnnl_engine_t _Nonnull engine, dnnl_data_type_t type);
/// Whatever layout a primitive likes best.
dnnl_status_t cvae_layout_any(
    cvae_layout_t _Nullable *_Nonnull layout, dnnl_data_type_t type, int rank,
    const int64_t *_Nonnull extents);
/// What a primitive wants for one of its arguments (`dnnl_query_src_md` and so on); null where it
/// takes none.
cvae_layout_t _Nullable cvae_layout_of(
    const_dnnl_primitive_desc_t _Nonnull primitive, dnnl_query_t argument);
void cvae_layout_destroy(cvae_layout_t _Nullable layout);
size_t cvae_layout_bytes(cvae_layout_t _Nonnull layout);
bool cvae_layout_equal(cvae_layout_t _Nonnull left, cvae_layout_t _Nonnull right);
/// The number of elements in memory, padding included.
size_t cvae_layout_padded_count(cvae_layout_t _Nonnull layout);
/// For a bfloat16 layout that interleaves pairs of `whole`'s rows of n elements and is the same
/// otherwise: n. 0 for any other pair of layouts, -1 where both have one order.
int cvae_layout_interleave(cvae_layout_t _Nonnull whole, cvae_layout_t _Nonnull narrow);

/// Whether a weight (out, in) lies in panels of `width` of out, each row of in after the other, `padded_rows` of
/// them.
bool cvae_layout_panels(
    cvae_layout_t _Nonnull layout, int64_t *_Nonnull width, int64_t *_Nonnull padded_rows);

/// Memory over the caller's bytes.
dnnl_status_t cvae_memory(
    dnnl_memory_t _Nullable *_Nonnull memory, cvae_layout_t _Nonnull layout,
    dnnl_engine_t _Nonnull engine, void *_Nullable data);

/// What follows a product in the same primitive.
typedef struct {
  /// Whether the result is added to what its memory holds.
  bool accumulate;
  /// An elementwise function, `dnnl_alg_kind_undef` for none.
  dnnl_alg_kind_t activation;
  /// The function's parameter.
  float alpha;
} cvae_epilogue;

/// rows [n, in] · weightᵀ [out, in] (+ bias [out]); `inference` skips what training would keep.
dnnl_status_t cvae_inner_product_forward(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull rows, cvae_layout_t _Nonnull weight, cvae_layout_t _Nullable bias,
    cvae_layout_t _Nonnull result, cvae_epilogue epilogue);
/// The gradient by the rows.
dnnl_status_t cvae_inner_product_backward_data(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull rows_gradient, cvae_layout_t _Nonnull weight,
    cvae_layout_t _Nonnull upstream);
/// The gradients by the weight and, where `bias` is given, by the bias.
dnnl_status_t cvae_inner_product_backward_weights(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull rows, cvae_layout_t _Nonnull weight_gradient,
    cvae_layout_t _Nullable bias_gradient, cvae_layout_t _Nonnull upstream);
/// How a convolution's kernel moves over pictures, the same along both axes.
typedef struct {
  int64_t stride, padding;
} cvae_window;

/// Convolution of pictures (batch, in, height, width) by a weight (out, in, height, width).
dnnl_status_t cvae_convolution_forward(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull x, cvae_layout_t _Nonnull weight, cvae_layout_t _Nullable bias,
    cvae_layout_t _Nonnull result, cvae_window window, cvae_epilogue epilogue);
/// The gradient by the pictures.
dnnl_status_t cvae_convolution_backward_data(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull x_gradient, cvae_layout_t _Nonnull weight,
    cvae_layout_t _Nonnull upstream, cvae_window window);
/// The gradients by the weight and, where `bias` is given, by the bias.
dnnl_status_t cvae_convolution_backward_weights(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull x, cvae_layout_t _Nonnull weight_gradient,
    cvae_layout_t _Nullable bias_gradient, cvae_layout_t _Nonnull upstream, cvae_window window);
/// Enlarges pictures, or with `backward` adds each pixel's gradient into the ones it came from.
dnnl_status_t cvae_resampling(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    dnnl_alg_kind_t method, bool backward, cvae_layout_t _Nonnull small,
    cvae_layout_t _Nonnull large);
/// The mean over squares of `factor` × `factor` pixels.
dnnl_status_t cvae_average_pooling(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    int64_t factor, cvae_layout_t _Nonnull large, cvae_layout_t _Nonnull small);
/// left [m, k] · right [k, n].
dnnl_status_t cvae_matrix_product(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull left, cvae_layout_t _Nonnull right, cvae_layout_t _Nonnull result);
/// A copy from one layout or type to another.
dnnl_status_t cvae_reorder(
    dnnl_primitive_desc_t _Nullable *_Nonnull primitive, dnnl_engine_t _Nonnull engine,
    cvae_layout_t _Nonnull from, cvae_layout_t _Nonnull to);

#endif
