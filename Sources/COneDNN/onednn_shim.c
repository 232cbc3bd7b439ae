#include "onednn_shim.h"

#include <stdlib.h>
#include <string.h>

#if DNNL_VERSION_MAJOR != 2
#error "This shim speaks oneDNN 2.x; for 3.x, give its functions bodies with dnnl_memory_desc_t as a pointer."
#endif

struct cvae_layout {
  dnnl_memory_desc_t desc;
};

static cvae_layout_t layout_from(const dnnl_memory_desc_t *desc) {
  cvae_layout_t layout = malloc(sizeof(*layout));
  if (layout) layout->desc = *desc;
  return layout;
}

static dnnl_status_t finish(cvae_layout_t *layout, dnnl_status_t status, dnnl_memory_desc_t *desc) {
  *layout = status == dnnl_success ? layout_from(desc) : NULL;
  return status == dnnl_success && !*layout ? dnnl_out_of_memory : status;
}

dnnl_status_t cvae_layout_strided(
    cvae_layout_t *layout, dnnl_data_type_t type, int rank, const int64_t *extents,
    const int64_t *strides) {
  dnnl_memory_desc_t desc;
  return finish(
      layout, dnnl_memory_desc_init_by_strides(&desc, rank, extents, type, strides), &desc);
}

dnnl_status_t cvae_layout_blocked(
    cvae_layout_t *layout, dnnl_data_type_t type, const int64_t *extents, int block) {
  dnnl_format_tag_t tag = block == 8 ? dnnl_nChw8c : block == 16 ? dnnl_nChw16c : dnnl_nhwc;
  dnnl_memory_desc_t desc;
  return finish(layout, dnnl_memory_desc_init_by_tag(&desc, 4, extents, type, tag), &desc);
}

dnnl_status_t cvae_layout_any(
    cvae_layout_t *layout, dnnl_data_type_t type, int rank, const int64_t *extents) {
  dnnl_memory_desc_t desc;
  return finish(
      layout, dnnl_memory_desc_init_by_tag(&desc, rank, extents, type, dnnl_format_tag_any),
      &desc);
}

cvae_layout_t cvae_layout_of(const_dnnl_primitive_desc_t primitive, dnnl_query_t argument) {
  const dnnl_memory_desc_t *desc = dnnl_primitive_desc_query_md(primitive, argument, 0);
  return desc && desc->ndims > 0 ? layout_from(desc) : NULL;
}

void cvae_layout_destroy(cvae_layout_t layout) { free(layout); }

size_t cvae_layout_bytes(cvae_layout_t layout) { return dnnl_memory_desc_get_size(&layout->desc); }

bool cvae_layout_equal(cvae_layout_t left, cvae_layout_t right) {
  return dnnl_memory_desc_equal(&left->desc, &right->desc);
}

size_t cvae_layout_padded_count(cvae_layout_t layout) {
  size_t count = 1;
  for (int axis = 0; axis < layout->desc.ndims; axis++)
    count *= (size_t)layout->desc.padded_dims[axis];
  return count;
}

int cvae_layout_interleave(cvae_layout_t whole, cvae_layout_t narrow) {
  const dnnl_memory_desc_t *w = &whole->desc, *n = &narrow->desc;
  const dnnl_blocking_desc_t *wb = &w->format_desc.blocking, *nb = &n->format_desc.blocking;
  if (w->ndims != 2 || n->ndims != 2 || w->format_kind != dnnl_blocked
      || n->format_kind != dnnl_blocked)
    return 0;
  for (int axis = 0; axis < 2; axis++)
    if (w->padded_dims[axis] != n->padded_dims[axis] || wb->strides[axis] != nb->strides[axis])
      return 0;
  if (wb->inner_nblks == nb->inner_nblks) {
    for (int block = 0; block < wb->inner_nblks; block++)
      if (wb->inner_blks[block] != nb->inner_blks[block]
          || wb->inner_idxs[block] != nb->inner_idxs[block])
        return 0;
    return -1;
  }
  bool pairs = wb->inner_nblks == 2 && nb->inner_nblks == 3
               && wb->inner_idxs[0] == nb->inner_idxs[0]
               && wb->inner_idxs[1] == nb->inner_idxs[1]
               && nb->inner_idxs[2] == nb->inner_idxs[0] && nb->inner_blks[2] == 2
               && wb->inner_blks[0] == 2 * nb->inner_blks[0]
               && wb->inner_blks[1] == nb->inner_blks[1];
  return pairs ? (int)wb->inner_blks[1] : 0;
}

dnnl_status_t cvae_memory(
    dnnl_memory_t *memory, cvae_layout_t layout, dnnl_engine_t engine, void *data) {
  return dnnl_memory_create(memory, &layout->desc, engine, data);
}

/// Attributes of every primitive: scratch memory comes from the caller, so that a run allocates
/// none.
static dnnl_status_t make_attributes(dnnl_primitive_attr_t *attributes, cvae_epilogue epilogue) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  dnnl_post_ops_t after = NULL;
  if (status == dnnl_success) status = dnnl_post_ops_create(&after);
  if (status == dnnl_success && epilogue.accumulate)
    status = dnnl_post_ops_append_sum(after, 1.0f);
  if (status == dnnl_success && epilogue.activation != dnnl_alg_kind_undef)
    status = dnnl_post_ops_append_eltwise(after, 1.0f, epilogue.activation, epilogue.alpha, 0.0f);
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, after);
  if (after) dnnl_post_ops_destroy(after);
  return status;
}

static dnnl_status_t make(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, const_dnnl_op_desc_t operation,
    cvae_epilogue epilogue, const_dnnl_primitive_desc_t hint) {
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = make_attributes(&attributes, epilogue);
  if (status == dnnl_success)
    status = dnnl_primitive_desc_create(primitive, operation, attributes, engine, hint);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}

dnnl_status_t cvae_inner_product_forward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t rows,
    cvae_layout_t weight, cvae_layout_t bias, cvae_layout_t result, cvae_epilogue epilogue) {
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status = dnnl_inner_product_forward_desc_init(
      &operation, dnnl_forward_training, &rows->desc, &weight->desc, bias ? &bias->desc : NULL,
      &result->desc);
  if (status != dnnl_success) return status;
  return make(primitive, engine, &operation, epilogue, NULL);
}

/// The forward primitive that a backward one refers to.
static dnnl_status_t make_hint(
    dnnl_primitive_desc_t *hint, dnnl_engine_t engine, cvae_layout_t rows, cvae_layout_t weight,
    cvae_layout_t result) {
  dnnl_inner_product_desc_t operation;
  dnnl_memory_desc_t any;
  // The forward pass has one type throughout, that of the weight's products.
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(
      &any, 2, weight->desc.dims, result->desc.data_type, dnnl_format_tag_any);
  dnnl_memory_desc_t source = rows->desc;
  source.data_type = result->desc.data_type;
  if (status == dnnl_success)
    status = dnnl_inner_product_forward_desc_init(
        &operation, dnnl_forward_training, &source, &any, NULL, &result->desc);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(hint, &operation, NULL, engine, NULL);
}

dnnl_status_t cvae_inner_product_backward_data(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t rows_gradient,
    cvae_layout_t weight, cvae_layout_t upstream) {
  dnnl_primitive_desc_t hint = NULL;
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status = make_hint(&hint, engine, rows_gradient, weight, upstream);
  if (status == dnnl_success)
    status = dnnl_inner_product_backward_data_desc_init(
        &operation, &rows_gradient->desc, &weight->desc, &upstream->desc);
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  if (status == dnnl_success) status = make(primitive, engine, &operation, none, hint);
  if (hint) dnnl_primitive_desc_destroy(hint);
  return status;
}

dnnl_status_t cvae_inner_product_backward_weights(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t rows,
    cvae_layout_t weight_gradient, cvae_layout_t bias_gradient, cvae_layout_t upstream) {
  dnnl_primitive_desc_t hint = NULL;
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status = make_hint(&hint, engine, rows, weight_gradient, upstream);
  if (status == dnnl_success)
    status = dnnl_inner_product_backward_weights_desc_init(
        &operation, &rows->desc, &weight_gradient->desc,
        bias_gradient ? &bias_gradient->desc : NULL, &upstream->desc);
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  if (status == dnnl_success) status = make(primitive, engine, &operation, none, hint);
  if (hint) dnnl_primitive_desc_destroy(hint);
  return status;
}

dnnl_status_t cvae_matrix_product(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t left,
    cvae_layout_t right, cvae_layout_t result) {
  dnnl_matmul_desc_t operation;
  dnnl_status_t status =
      dnnl_matmul_desc_init(&operation, &left->desc, &right->desc, NULL, &result->desc);
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  if (status == dnnl_success) status = make(primitive, engine, &operation, none, NULL);
  return status;
}

dnnl_status_t cvae_reorder(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t from,
    cvae_layout_t to) {
  dnnl_primitive_attr_t attributes = NULL;
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  dnnl_status_t status = make_attributes(&attributes, none);
  if (status == dnnl_success)
    status = dnnl_reorder_primitive_desc_create(
        primitive, &from->desc, engine, &to->desc, engine, attributes);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  return status;
}

static dnnl_status_t convolution_hint(
    dnnl_primitive_desc_t *hint, dnnl_engine_t engine, cvae_layout_t x, cvae_layout_t weight,
    cvae_layout_t result, cvae_window window) {
  dnnl_convolution_desc_t operation;
  dnnl_memory_desc_t any;
  // The forward pass has one type throughout, that of the products.
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(
      &any, 4, weight->desc.dims, result->desc.data_type, dnnl_format_tag_any);
  dnnl_memory_desc_t source = x->desc;
  source.data_type = result->desc.data_type;
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  if (status == dnnl_success)
    status = dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_training, dnnl_convolution_direct, &source, &any, NULL,
        &result->desc, strides, pads, pads);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(hint, &operation, NULL, engine, NULL);
}

dnnl_status_t cvae_convolution_forward(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t x, cvae_layout_t weight,
    cvae_layout_t bias, cvae_layout_t result, cvae_window window, cvae_epilogue epilogue) {
  dnnl_convolution_desc_t operation;
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  dnnl_status_t status = dnnl_convolution_forward_desc_init(
      &operation, dnnl_forward_training, dnnl_convolution_direct, &x->desc, &weight->desc,
      bias ? &bias->desc : NULL, &result->desc, strides, pads, pads);
  if (status != dnnl_success) return status;
  return make(primitive, engine, &operation, epilogue, NULL);
}

dnnl_status_t cvae_convolution_backward_data(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t x_gradient,
    cvae_layout_t weight, cvae_layout_t upstream, cvae_window window) {
  dnnl_primitive_desc_t hint = NULL;
  dnnl_convolution_desc_t operation;
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  dnnl_status_t status = convolution_hint(&hint, engine, x_gradient, weight, upstream, window);
  if (status == dnnl_success)
    status = dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &x_gradient->desc, &weight->desc, &upstream->desc,
        strides, pads, pads);
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  if (status == dnnl_success) status = make(primitive, engine, &operation, none, hint);
  if (hint) dnnl_primitive_desc_destroy(hint);
  return status;
}

dnnl_status_t cvae_convolution_backward_weights(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_layout_t x,
    cvae_layout_t weight_gradient, cvae_layout_t bias_gradient, cvae_layout_t upstream,
    cvae_window window) {
  dnnl_primitive_desc_t hint = NULL;
  dnnl_convolution_desc_t operation;
  dnnl_dims_t strides = {window.stride, window.stride}, pads = {window.padding, window.padding};
  dnnl_status_t status = convolution_hint(&hint, engine, x, weight_gradient, upstream, window);
  if (status == dnnl_success)
    status = dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, &x->desc, &weight_gradient->desc,
        bias_gradient ? &bias_gradient->desc : NULL, &upstream->desc, strides, pads, pads);
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  if (status == dnnl_success) status = make(primitive, engine, &operation, none, hint);
  if (hint) dnnl_primitive_desc_destroy(hint);
  return status;
}

int cvae_picture_block(dnnl_engine_t engine, dnnl_data_type_t type) {
  dnnl_dims_t pictures = {32, 64, 14, 14}, kernel = {64, 64, 3, 3};
  struct cvae_layout x, weight;
  cvae_window window = {1, 1};
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  dnnl_primitive_desc_t primitive = NULL;
  int block = 0;
  if (dnnl_memory_desc_init_by_tag(&x.desc, 4, pictures, type, dnnl_format_tag_any) == dnnl_success
      && dnnl_memory_desc_init_by_tag(&weight.desc, 4, kernel, type, dnnl_format_tag_any)
             == dnnl_success
      && cvae_convolution_forward(
             &primitive, engine, &x, &weight, NULL, &x, window, none) == dnnl_success) {
    const dnnl_memory_desc_t *chosen =
        dnnl_primitive_desc_query_md(primitive, dnnl_query_dst_md, 0);
    const dnnl_blocking_desc_t *blocks = &chosen->format_desc.blocking;
    if (blocks->inner_nblks == 1 && blocks->inner_idxs[0] == 1) block = (int)blocks->inner_blks[0];
    dnnl_primitive_desc_destroy(primitive);
  }
  return block == 8 || block == 16 ? block : 0;
}

dnnl_status_t cvae_resampling(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t method, bool backward,
    cvae_layout_t small, cvae_layout_t large) {
  dnnl_resampling_desc_t operation;
  dnnl_primitive_desc_t hint = NULL;
  cvae_epilogue none = {false, dnnl_alg_kind_undef, 0};
  dnnl_status_t status = dnnl_resampling_forward_desc_init(
      &operation, dnnl_forward_training, method, NULL, &small->desc, &large->desc);
  if (status == dnnl_success)
    status = make(backward ? &hint : primitive, engine, &operation, none, NULL);
  if (!backward || status != dnnl_success) return status;
  status = dnnl_resampling_backward_desc_init(
      &operation, method, NULL, &small->desc, &large->desc);
  if (status == dnnl_success) status = make(primitive, engine, &operation, none, hint);
  dnnl_primitive_desc_destroy(hint);
  return status;
}

dnnl_status_t cvae_average_pooling(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, int64_t factor, cvae_layout_t large,
    cvae_layout_t small) {
  dnnl_pooling_desc_t operation;
  dnnl_dims_t extent = {factor, factor}, none = {0, 0};
  dnnl_status_t status = dnnl_pooling_forward_desc_init(
      &operation, dnnl_forward_inference, dnnl_pooling_avg_exclude_padding, &large->desc,
      &small->desc, extent, extent, none, none);
  cvae_epilogue nothing = {false, dnnl_alg_kind_undef, 0};
  if (status == dnnl_success) status = make(primitive, engine, &operation, nothing, NULL);
  return status;
}
