/// The few things that oneDNN 3 says in many words.
#ifndef CVAE_ONEDNN_3_H
#define CVAE_ONEDNN_3_H

#include "onednn_shim.h"

typedef const_dnnl_memory_desc_t cvae_const_layout_t;

/// A query that fails leaves zero or null.
static layout_fields fields_of(cvae_const_layout_t layout) {
  layout_fields fields = {0};
  dnnl_format_kind_t kind = dnnl_format_kind_undef;
  dnnl_memory_desc_query(layout, dnnl_query_ndims_s32, &fields.rank);
  dnnl_memory_desc_query(layout, dnnl_query_data_type, &fields.type);
  dnnl_memory_desc_query(layout, dnnl_query_dims, &fields.extents);
  dnnl_memory_desc_query(layout, dnnl_query_padded_dims, &fields.padded);
  dnnl_memory_desc_query(layout, dnnl_query_format_kind, &kind);
  fields.is_blocked = kind == dnnl_blocked;
  if (!fields.is_blocked) return fields;
  dnnl_memory_desc_query(layout, dnnl_query_strides, &fields.strides);
  dnnl_memory_desc_query(layout, dnnl_query_inner_nblks_s32, &fields.block_count);
  dnnl_memory_desc_query(layout, dnnl_query_inner_blks, &fields.blocks);
  dnnl_memory_desc_query(layout, dnnl_query_inner_idxs, &fields.block_axes);
  return fields;
}

static dnnl_status_t append_sum(dnnl_post_ops_t after) {
  return dnnl_post_ops_append_sum(after, 1.0f, 0, dnnl_data_type_undef);
}

static dnnl_status_t append_eltwise(dnnl_post_ops_t after, dnnl_alg_kind_t function, float alpha) {
  return dnnl_post_ops_append_eltwise(after, function, alpha, 0.0f);
}

#endif
