#include "parallel.h"

typedef struct {
  int rank;
  const ptrdiff_t *extents, *from_strides, *to_strides;
  const float *from;
  float *to;
} arguments;

CVAE_INLINE void copy_line(
    const float *from, ptrdiff_t from_stride, float *to, ptrdiff_t to_stride, ptrdiff_t count) {
  if (from_stride == 1 && to_stride == 1) {
    __builtin_memcpy(to, from, (size_t)count * sizeof(float));
  } else {
    for (ptrdiff_t i = 0; i < count; i++) to[i * to_stride] = from[i * from_stride];
  }
}

static void copy_axes(
    const arguments *a, int axis, const float *from, float *to) {
  ptrdiff_t extent = a->extents[axis];
  if (axis == a->rank - 1) {
    copy_line(from, a->from_strides[axis], to, a->to_strides[axis], extent);
    return;
  }
  for (ptrdiff_t i = 0; i < extent; i++)
    copy_axes(a, axis + 1, from + i * a->from_strides[axis], to + i * a->to_strides[axis]);
}

static void copy_body(const void *data, size_t begin, size_t end) {
  const arguments *a = data;
  for (size_t i = begin; i < end; i++) {
    const float *from = a->from + (ptrdiff_t)i * a->from_strides[0];
    float *to = a->to + (ptrdiff_t)i * a->to_strides[0];
    if (a->rank == 1) *to = *from;
    else copy_axes(a, 1, from, to);
  }
}

void cvae_strided_copy(
    int rank, const ptrdiff_t *extents, const float *from, const ptrdiff_t *from_strides,
    float *to, const ptrdiff_t *to_strides, int threads) {
  if (rank == 0) {
    *to = *from;
    return;
  }
  size_t cost = 1;
  for (int axis = 1; axis < rank; axis++) cost *= (size_t)extents[axis];
  arguments a = {rank, extents, from_strides, to_strides, from, to};
  cvae_run(copy_body, &a, (size_t)extents[0], 1, cost, threads);
}

static const float *sum_axes(const arguments *a, int axis, const float *from, float *to) {
  for (ptrdiff_t i = 0; i < a->extents[axis]; i++) {
    float *place = to + i * a->to_strides[axis];
    if (axis == a->rank - 1) *place += *from++;
    else from = sum_axes(a, axis + 1, from, place);
  }
  return from;
}

void cvae_strided_sum(
    int rank, const ptrdiff_t *extents, const float *from, float *to, const ptrdiff_t *to_strides,
    size_t to_count) {
  for (size_t i = 0; i < to_count; i++) to[i] = 0;
  if (rank == 0) {
    *to = *from;
    return;
  }
  arguments a = {.rank = rank, .extents = extents, .to_strides = to_strides};
  sum_axes(&a, 0, from, to);
}
