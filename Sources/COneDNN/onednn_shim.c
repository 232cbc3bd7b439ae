#include "onednn_shim.h"

/// What the shim reads of a layout. The arrays are the layout's own.
typedef struct {
  int rank;
  dnnl_data_type_t type;
  const int64_t *extents, *padded;
  /// Whether the rest is known, which it is of a layout that is chosen already.
  bool is_blocked;
  const int64_t *strides;
  int block_count;
  const int64_t *blocks, *block_axes;
} layout_fields;

#if DNNL_VERSION_MAJOR >= 3
#include "onednn_3.h"
#else
#include "onednn_2.h"
#endif

dnnl_status_t cvae_layout_strided(
    cvae_layout_t *layout, dnnl_data_type_t type, int rank, const int64_t *extents,
    const int64_t *strides) {
  return dnnl_memory_desc_create_with_strides(layout, rank, extents, type, strides);
}

dnnl_status_t cvae_layout_blocked(
    cvae_layout_t *layout, dnnl_data_type_t type, const int64_t *extents, int block) {
  dnnl_format_tag_t tag = block == 8 ? dnnl_nChw8c : block == 16 ? dnnl_nChw16c : dnnl_nhwc;
  return dnnl_memory_desc_create_with_tag(layout, 4, extents, type, tag);
}

dnnl_status_t cvae_layout_any(
    cvae_layout_t *layout, dnnl_data_type_t type, int rank, const int64_t *extents) {
  return dnnl_memory_desc_create_with_tag(layout, rank, extents, type, dnnl_format_tag_any);
}

cvae_layout_t cvae_layout_of(const_dnnl_primitive_desc_t primitive, dnnl_query_t argument) {
  cvae_const_layout_t chosen = dnnl_primitive_desc_query_md(primitive, argument, 0);
  if (!chosen || fields_of(chosen).rank == 0) return NULL;
  cvae_layout_t layout = NULL;
  return dnnl_memory_desc_clone(&layout, chosen) == dnnl_success ? layout : NULL;
}

void cvae_layout_destroy(cvae_layout_t layout) {
  if (layout) dnnl_memory_desc_destroy(layout);
}

size_t cvae_layout_bytes(cvae_layout_t layout) { return dnnl_memory_desc_get_size(layout); }

bool cvae_layout_equal(cvae_layout_t left, cvae_layout_t right) {
  return dnnl_memory_desc_equal(left, right);
}

size_t cvae_layout_padded_count(cvae_layout_t layout) {
  layout_fields fields = fields_of(layout);
  size_t count = 1;
  for (int axis = 0; axis < fields.rank; axis++) count *= (size_t)fields.padded[axis];
  return count;
}

int cvae_layout_interleave(cvae_layout_t whole, cvae_layout_t narrow) {
  layout_fields w = fields_of(whole), n = fields_of(narrow);
  if (w.rank != 2 || n.rank != 2 || !w.is_blocked || !n.is_blocked) return 0;
  for (int axis = 0; axis < 2; axis++)
    if (w.padded[axis] != n.padded[axis] || w.strides[axis] != n.strides[axis]) return 0;
  if (w.block_count == n.block_count) {
    for (int block = 0; block < w.block_count; block++)
      if (w.blocks[block] != n.blocks[block] || w.block_axes[block] != n.block_axes[block])
        return 0;
    return -1;
  }
  bool pairs = w.block_count == 2 && n.block_count == 3 && w.block_axes[0] == n.block_axes[0]
               && w.block_axes[1] == n.block_axes[1] && n.block_axes[2] == n.block_axes[0]
               && n.blocks[2] == 2 && w.blocks[0] == 2 * n.blocks[0]
               && w.blocks[1] == n.blocks[1];
  return pairs ? (int)w.blocks[1] : 0;
}

bool cvae_layout_panels(cvae_layout_t layout, int64_t *width, int64_t *padded_rows) {
  layout_fields l = fields_of(layout);
  // oneDNN's axes are (columns, rows): blocks of some rows of the panel's width, one after the other.
  bool is_so = l.rank == 2 && l.is_blocked && l.block_count == 2 && l.block_axes[0] == 1
               && l.block_axes[1] == 0 && l.strides[1] == l.blocks[0] * l.blocks[1]
               && l.strides[0] == l.padded[1] * l.blocks[1];
  if (!is_so) return false;
  *width = l.blocks[1];
  *padded_rows = l.padded[1];
  return true;
}

dnnl_status_t cvae_memory(
    dnnl_memory_t *memory, cvae_layout_t layout, dnnl_engine_t engine, void *data) {
  return dnnl_memory_create(memory, layout, engine, data);
}

static const cvae_epilogue no_epilogue = {false, dnnl_alg_kind_undef, 0};
static const dnnl_dims_t no_dilation = {0, 0}, no_padding = {0, 0};

/// Attributes of every primitive: scratch memory comes from the caller, so that a run allocates
/// none.
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *attributes, cvae_epilogue epilogue) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  dnnl_post_ops_t after = NULL;
  if (status == dnnl_success) status = dnnl_post_ops_create(&after);
  if (status == dnnl_success && epilogue.accumulate) status = append_sum(after);
  if (status == dnnl_success && epilogue.activation != dnnl_alg_kind_undef)
    status = append_eltwise(after, epilogue.activation, epilogue.alpha);
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, after);
  if (after) dnnl_post_ops_destroy(after);
  return status;
}

/// Destroys what only the making of a primitive needed.
static dnnl_status_t done(
    dnnl_status_t status, dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t hint) {
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  if (hint) dnnl_primitive_desc_destroy(hint);
  return status;
}

/// The layouts of the forward primitive that a backward one refers to. The forward pass has one
/// type throughout, that of the products, and so of the result.
static dnnl_status_t hint_layouts(
    cvae_layout_t source, cvae_layout_t weight, cvae_layout_t result, cvae_layout_t *any_source,
    cvae_layout_t *any_weight) {
  layout_fields s = fields_of(source), w = fields_of(weight);
  dnnl_data_type_t type = fields_of(result).type;
  dnnl_status_t status = cvae_layout_any(any_source, type, s.rank, s.extents);
  return status == dnnl_success ? cvae_layout_any(any_weight, type, w.rank, w.extents) : status;
}

dnnl_status_t cvae_inner_product_forward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t rows,
    cvae_layout_t weight, cvae_layout_t bias, cvae_layout_t result, cvae_epilogue epilogue) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = make_attributes(&attributes, epilogue);
  if (status == dnnl_success)
    status = dnnl_inner_product_forward_primitive_desc_create(
        primitive, engine, dnnl_forward_training, rows, weight, bias, result, attributes);
  return done(status, attributes, NULL);
}

static dnnl_status_t inner_product_hint(
    dnnl_primitive_desc_t *hint, dnnl_engine_t engine, cvae_layout_t rows, cvae_layout_t weight,
    cvae_layout_t result) {
  cvae_layout_t any_rows = NULL, any_weight = NULL;
  dnnl_status_t status = hint_layouts(rows, weight, result, &any_rows, &any_weight);
  if (status == dnnl_success)
    status = dnnl_inner_product_forward_primitive_desc_create(
        hint, engine, dnnl_forward_training, any_rows, any_weight, NULL, result, NULL);
  cvae_layout_destroy(any_rows);
  cvae_layout_destroy(any_weight);
  return status;
}

dnnl_status_t cvae_inner_product_backward_data(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t rows_gradient,
    cvae_layout_t weight, cvae_layout_t upstream) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = inner_product_hint(&hint, engine, rows_gradient, weight, upstream);
  if (status == dnnl_success)
    status = dnnl_inner_product_backward_data_primitive_desc_create(
        primitive, engine, rows_gradient, weight, upstream, hint, attributes);
  return done(status, attributes, hint);
}

dnnl_status_t cvae_inner_product_backward_weights(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t rows,
    cvae_layout_t weight_gradient, cvae_layout_t bias_gradient, cvae_layout_t upstream) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = inner_product_hint(&hint, engine, rows, weight_gradient, upstream);
  if (status == dnnl_success)
    status = dnnl_inner_product_backward_weights_primitive_desc_create(
        primitive, engine, rows, weight_gradient, bias_gradient, upstream, hint, attributes);
  return done(status, attributes, hint);
}

dnnl_status_t cvae_matrix_product(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t left,
    cvae_layout_t right, cvae_layout_t result) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = dnnl_matmul_primitive_desc_create(
        primitive, engine, left, right, NULL, result, attributes);
  return done(status, attributes, NULL);
}

dnnl_status_t cvae_reorder(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t from,
    cvae_layout_t to) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status =
        dnnl_reorder_primitive_desc_create(primitive, from, engine, to, engine, attributes);
  return done(status, attributes, NULL);
}

dnnl_status_t cvae_convolution_forward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t x, cvae_layout_t weight,
    cvae_layout_t bias, cvae_layout_t result, cvae_window window, cvae_epilogue epilogue) {
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = make_attributes(&attributes, epilogue);
  if (status == dnnl_success)
    status = dnnl_convolution_forward_primitive_desc_create(
        primitive, engine, dnnl_forward_training, dnnl_convolution_direct, x, weight, bias, result,
        strides, no_dilation, pads, pads, attributes);
  return done(status, attributes, NULL);
}

static dnnl_status_t convolution_hint(
    dnnl_primitive_desc_t *hint, dnnl_engine_t engine, cvae_layout_t x, cvae_layout_t weight,
    cvae_layout_t result, cvae_window window) {
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  cvae_layout_t any_x = NULL, any_weight = NULL;
  dnnl_status_t status = hint_layouts(x, weight, result, &any_x, &any_weight);
  if (status == dnnl_success)
    status = dnnl_convolution_forward_primitive_desc_create(
        hint, engine, dnnl_forward_training, dnnl_convolution_direct, any_x, any_weight, NULL,
        result, strides, no_dilation, pads, pads, NULL);
  cvae_layout_destroy(any_x);
  cvae_layout_destroy(any_weight);
  return status;
}

dnnl_status_t cvae_convolution_backward_data(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t x_gradient,
    cvae_layout_t weight, cvae_layout_t upstream, cvae_window window) {
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = convolution_hint(&hint, engine, x_gradient, weight, upstream, window);
  if (status == dnnl_success)
    status = dnnl_convolution_backward_data_primitive_desc_create(
        primitive, engine, dnnl_convolution_direct, x_gradient, weight, upstream, strides,
        no_dilation, pads, pads, hint, attributes);
  return done(status, attributes, hint);
}

dnnl_status_t cvae_convolution_backward_weights(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t x,
    cvae_layout_t weight_gradient, cvae_layout_t bias_gradient, cvae_layout_t upstream,
    cvae_window window) {
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = convolution_hint(&hint, engine, x, weight_gradient, upstream, window);
  if (status == dnnl_success)
    status = dnnl_convolution_backward_weights_primitive_desc_create(
        primitive, engine, dnnl_convolution_direct, x, weight_gradient, bias_gradient, upstream,
        strides, no_dilation, pads, pads, hint, attributes);
  return done(status, attributes, hint);
}

int cvae_picture_block(dnnl_engine_t engine, dnnl_data_type_t type) {
  const int64_t pictures[] = {32, 64, 14, 14}, kernel[] = {64, 64, 3, 3};
  cvae_layout_t x = NULL, weight = NULL, chosen = NULL;
  cvae_window window = {1, 1};
  dnnl_primitive_desc_t primitive = NULL;
  if (cvae_layout_any(&x, type, 4, pictures) == dnnl_success
      && cvae_layout_any(&weight, type, 4, kernel) == dnnl_success
      && cvae_convolution_forward(
             &primitive, engine, x, weight, NULL, x, window, no_epilogue) == dnnl_success)
    chosen = cvae_layout_of(primitive, dnnl_query_dst_md);
  int block = 0;
  if (chosen) {
    layout_fields fields = fields_of(chosen);
    if (fields.block_count == 1 && fields.block_axes[0] == 1) block = (int)fields.blocks[0];
  }
  cvae_layout_destroy(chosen);
  cvae_layout_destroy(weight);
  cvae_layout_destroy(x);
  if (primitive) dnnl_primitive_desc_destroy(primitive);
  return block == 8 || block == 16 ? block : 0;
}

dnnl_status_t cvae_resampling(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t method, bool backward,
    cvae_layout_t small, cvae_layout_t large) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t hint = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = dnnl_resampling_forward_primitive_desc_create(
        backward ? &hint : primitive, engine, dnnl_forward_training, method, NULL, small, large,
        attributes);
  if (status == dnnl_success && backward)
    status = dnnl_resampling_backward_primitive_desc_create(
        primitive, engine, method, NULL, small, large, hint, attributes);
  return done(status, attributes, hint);
}

dnnl_status_t cvae_average_pooling(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, int64_t factor, cvae_layout_t large,
    cvae_layout_t small) {
  dnnl_dims_t extent = {factor, factor};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = make_attributes(&attributes, no_epilogue);
  if (status == dnnl_success)
    status = dnnl_pooling_forward_primitive_desc_create(
        primitive, engine, dnnl_forward_inference, dnnl_pooling_avg_exclude_padding, large, small,
        extent, extent, no_dilation, no_padding, no_padding, attributes);
  return done(status, attributes, NULL);
}
