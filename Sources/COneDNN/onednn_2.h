/// What onednn_shim.c calls, as oneDNN 3 declares it, made of oneDNN 2: there a memory descriptor is
/// a struct that the caller owns, and a primitive is described by an operation's descriptor first.
#ifndef CVAE_ONEDNN_2_H
#define CVAE_ONEDNN_2_H

#include <stdlib.h>

#include "onednn_shim.h"

typedef const dnnl_memory_desc_t *cvae_const_layout_t;

static dnnl_status_t dnnl_memory_desc_clone(cvae_layout_t *layout, cvae_const_layout_t original) {
  *layout = malloc(sizeof(**layout));
  if (!*layout) return dnnl_out_of_memory;
  **layout = *original;
  return dnnl_success;
}

static dnnl_status_t dnnl_memory_desc_create_with_strides(
    cvae_layout_t *layout, int rank, const dnnl_dims_t extents, dnnl_data_type_t type,
    const dnnl_dims_t strides) {
  dnnl_memory_desc_t desc;
  dnnl_status_t status = dnnl_memory_desc_init_by_strides(&desc, rank, extents, type, strides);
  return status == dnnl_success ? dnnl_memory_desc_clone(layout, &desc) : status;
}

static dnnl_status_t dnnl_memory_desc_create_with_tag(
    cvae_layout_t *layout, int rank, const dnnl_dims_t extents, dnnl_data_type_t type,
    dnnl_format_tag_t tag) {
  dnnl_memory_desc_t desc;
  dnnl_status_t status = dnnl_memory_desc_init_by_tag(&desc, rank, extents, type, tag);
  return status == dnnl_success ? dnnl_memory_desc_clone(layout, &desc) : status;
}

static void dnnl_memory_desc_destroy(cvae_layout_t layout) { free(layout); }

static layout_fields fields_of(cvae_const_layout_t layout) {
  const dnnl_blocking_desc_t *blocking = &layout->format_desc.blocking;
  return (layout_fields){
      .rank = layout->ndims,
      .type = layout->data_type,
      .extents = layout->dims,
      .padded = layout->padded_dims,
      .is_blocked = layout->format_kind == dnnl_blocked,
      .strides = blocking->strides,
      .block_count = blocking->inner_nblks,
      .blocks = blocking->inner_blks,
      .block_axes = blocking->inner_idxs,
  };
}

static dnnl_status_t append_sum(dnnl_post_ops_t after) {
  return dnnl_post_ops_append_sum(after, 1.0f);
}

static dnnl_status_t append_eltwise(dnnl_post_ops_t after, dnnl_alg_kind_t function, float alpha) {
  return dnnl_post_ops_append_eltwise(after, 1.0f, function, alpha, 0.0f);
}

static dnnl_status_t dnnl_inner_product_forward_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    cvae_const_layout_t source, cvae_const_layout_t weight, cvae_const_layout_t bias,
    cvae_const_layout_t result, const_dnnl_primitive_attr_t attributes) {
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status =
      dnnl_inner_product_forward_desc_init(&operation, kind, source, weight, bias, result);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, NULL);
}

static dnnl_status_t dnnl_inner_product_backward_data_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_const_layout_t source_gradient,
    cvae_const_layout_t weight, cvae_const_layout_t upstream, const_dnnl_primitive_desc_t hint,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status = dnnl_inner_product_backward_data_desc_init(
      &operation, source_gradient, weight, upstream);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, hint);
}

static dnnl_status_t dnnl_inner_product_backward_weights_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_const_layout_t source,
    cvae_const_layout_t weight_gradient, cvae_const_layout_t bias_gradient,
    cvae_const_layout_t upstream, const_dnnl_primitive_desc_t hint,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_inner_product_desc_t operation;
  dnnl_status_t status = dnnl_inner_product_backward_weights_desc_init(
      &operation, source, weight_gradient, bias_gradient, upstream);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, hint);
}

static dnnl_status_t dnnl_matmul_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, cvae_const_layout_t left,
    cvae_const_layout_t right, cvae_const_layout_t bias, cvae_const_layout_t result,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_matmul_desc_t operation;
  dnnl_status_t status = dnnl_matmul_desc_init(&operation, left, right, bias, result);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, NULL);
}

static dnnl_status_t dnnl_convolution_forward_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    dnnl_alg_kind_t method, cvae_const_layout_t source, cvae_const_layout_t weight,
    cvae_const_layout_t bias, cvae_const_layout_t result, const dnnl_dims_t strides,
    const dnnl_dims_t dilations, const dnnl_dims_t before, const dnnl_dims_t behind,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
      &operation, kind, method, source, weight, bias, result, strides, dilations, before, behind);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, NULL);
}

static dnnl_status_t dnnl_convolution_backward_data_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t method,
    cvae_const_layout_t source_gradient, cvae_const_layout_t weight, cvae_const_layout_t upstream,
    const dnnl_dims_t strides, const dnnl_dims_t dilations, const dnnl_dims_t before,
    const dnnl_dims_t behind, const_dnnl_primitive_desc_t hint,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(
      &operation, method, source_gradient, weight, upstream, strides, dilations, before, behind);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, hint);
}

static dnnl_status_t dnnl_convolution_backward_weights_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t method,
    cvae_const_layout_t source, cvae_const_layout_t weight_gradient,
    cvae_const_layout_t bias_gradient, cvae_const_layout_t upstream, const dnnl_dims_t strides,
    const dnnl_dims_t dilations, const dnnl_dims_t before, const dnnl_dims_t behind,
    const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(
      &operation, method, source, weight_gradient, bias_gradient, upstream, strides, dilations,
      before, behind);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, hint);
}

static dnnl_status_t dnnl_resampling_forward_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    dnnl_alg_kind_t method, const float *factors, cvae_const_layout_t source,
    cvae_const_layout_t result, const_dnnl_primitive_attr_t attributes) {
  dnnl_resampling_desc_t operation;
  dnnl_status_t status =
      dnnl_resampling_forward_desc_init(&operation, kind, method, factors, source, result);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, NULL);
}

static dnnl_status_t dnnl_resampling_backward_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t method,
    const float *factors, cvae_const_layout_t source_gradient, cvae_const_layout_t upstream,
    const_dnnl_primitive_desc_t hint, const_dnnl_primitive_attr_t attributes) {
  dnnl_resampling_desc_t operation;
  dnnl_status_t status = dnnl_resampling_backward_desc_init(
      &operation, method, factors, source_gradient, upstream);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, hint);
}

static dnnl_status_t dnnl_pooling_forward_primitive_desc_create(
    dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    dnnl_alg_kind_t method, cvae_const_layout_t source, cvae_const_layout_t result,
    const dnnl_dims_t strides, const dnnl_dims_t kernel, const dnnl_dims_t dilations,
    const dnnl_dims_t before, const dnnl_dims_t behind, const_dnnl_primitive_attr_t attributes) {
  dnnl_pooling_v2_desc_t operation;
  dnnl_status_t status = dnnl_pooling_v2_forward_desc_init(
      &operation, kind, method, source, result, strides, kernel, dilations, before, behind);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(primitive, &operation, attributes, engine, NULL);
}

#endif
