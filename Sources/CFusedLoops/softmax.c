#include "lanes.h"

#pragma clang fp contract(fast)

typedef struct {
  const float *x, *upstream;
  const int32_t *indices;
  cvae_tensor out;
  float *result;
  size_t rows, columns;
  bool logarithm;
} arguments;

// Rows of fewer than 16 numbers are treated 16 at a time, a vector for each column; longer ones one by one,
// where the last vector ends with the row and shares numbers with the one before it.

/// The largest number of each row, and the sum of the powers of e below it; `powers` keeps those.
CVAE_INLINE void total_columns(
    const numbers t[LANES], size_t columns, numbers *top, numbers *sum, numbers powers[LANES]) {
  *top = t[0];
  for (size_t i = 1; i < columns; i++) *top = t[i] > *top ? t[i] : *top;
  *sum = (numbers)0.0f;
  for (size_t i = 0; i < columns; i++) {
    powers[i] = exp_of_negative(t[i] - *top);
    *sum += powers[i];
  }
}

/// The same for one row; `powers` keeps them unless it is null.
CVAE_INLINE float total_row(const float *x, size_t columns, float *largest, float *powers) {
  size_t rest = columns % LANES, whole = columns - rest, last = columns - LANES;
  numbers top = load_16(x + last);
  for (size_t i = 0; i < whole; i += LANES) {
    numbers v = load_16(x + i);
    top = v > top ? v : top;
  }
  *largest = largest_of(&top);
  numbers sum = (numbers)0.0f;
  for (size_t i = 0; i < whole; i += LANES) {
    numbers power = exp_of_negative(load_16(x + i) - *largest);
    if (powers) store_16(powers + i, power);
    sum += power;
  }
  if (rest) {
    numbers power = exp_of_negative(load_16(x + last) - *largest);
    if (powers) store_16(powers + last, power);
    keep_last(&power, rest);
    sum += power;
  }
  return sum_of(&sum);
}

CVAE_INLINE size_t rows_left(size_t row, size_t end) {
  return end - row < LANES ? end - row : LANES;
}

CVAE_INLINE void softmax_row(const arguments *a, const float *x, float *r) {
  size_t columns = a->columns, last = columns - LANES;
  float top, sum = total_row(x, columns, &top, a->logarithm ? 0 : r);
  if (a->logarithm) {
    float total = logf_fast(sum);
    for (size_t i = 0; i < last; i += LANES) store_16(r + i, (load_16(x + i) - top) - total);
    store_16(r + last, (load_16(x + last) - top) - total);
  } else {
    float share = 1.0f / sum;
    numbers end = load_16(r + last);
    for (size_t i = 0; i < last; i += LANES) store_16(r + i, load_16(r + i) * share);
    store_16(r + last, end * share);
  }
}

CVAE_CLONES(softmax_body) {
  const arguments *a = data;
  size_t columns = a->columns;
  if (columns >= LANES) {
    for (size_t row = begin; row < end; row++)
      softmax_row(a, a->x + row * columns, a->result + row * columns);
    return;
  }
  for (size_t row = begin; row < end; row += LANES) {
    size_t count = rows_left(row, end);
    numbers t[LANES], powers[LANES], top, sum;
    load_columns(a->x + row * columns, a->x + a->rows * columns, count, columns, t);
    total_columns(t, columns, &top, &sum, powers);
    if (a->logarithm) {
      numbers total = logf_fast(sum);
      for (size_t i = 0; i < columns; i++) t[i] = (t[i] - top) - total;
    } else {
      numbers share = 1.0f / sum;
      for (size_t i = 0; i < columns; i++) t[i] = powers[i] * share;
    }
    store_columns((cvae_tensor){a->result, CVAE_FLOAT32}, row * columns, count, columns, t);
  }
}

void cvae_softmax(
    const float *x, float *result, size_t rows, size_t columns, bool logarithm, int threads) {
  arguments a = {
      .x = x, .result = result, .rows = rows, .columns = columns, .logarithm = logarithm};
  cvae_run(softmax_body, &a, rows, LANES, 8 * columns, threads);
}

CVAE_INLINE void load_indices(
    const int32_t *indices, size_t count, whole_numbers *result) {
  *result = (whole_numbers)0;
  if (count == LANES) __builtin_memcpy(result, indices, sizeof *result);
  else for (size_t i = 0; i < count; i++) (*result)[i] = indices[i];
}

CVAE_CLONES(categorical_body) {
  const arguments *a = data;
  size_t columns = a->columns;
  if (columns >= LANES) {
    for (size_t row = begin; row < end; row++) {
      const float *x = a->x + row * columns;
      bool known = a->indices[row] != (int32_t)columns;
      float top, sum = known ? total_row(x, columns, &top, 0) : 1;
      a->result[row] = known ? (x[a->indices[row]] - top) - logf_fast(sum) : 0;
    }
    return;
  }
  for (size_t row = begin; row < end; row += LANES) {
    size_t count = rows_left(row, end);
    numbers t[LANES], powers[LANES], top, sum, own = (numbers)0.0f;
    whole_numbers indices;
    load_columns(a->x + row * columns, a->x + a->rows * columns, count, columns, t);
    load_indices(a->indices + row, count, &indices);
    total_columns(t, columns, &top, &sum, powers);
    for (size_t i = 0; i < columns; i++)
      own = indices == (whole_numbers)(int32_t)i ? t[i] : own;
    numbers value = (own - top) - logf_fast(sum);
    value = indices == (whole_numbers)(int32_t)columns ? (numbers)0.0f : value;
    if (count == LANES) store_16(a->result + row, value);
    else for (size_t i = 0; i < count; i++) a->result[row + i] = value[i];
  }
}

void cvae_categorical(
    const float *logits, const int32_t *indices, float *result, size_t rows, size_t columns,
    int threads) {
  arguments a = {
      .x = logits, .indices = indices, .result = result, .rows = rows, .columns = columns};
  cvae_run(categorical_body, &a, rows, LANES, 8 * columns, threads);
}

/// Of one row; `r` has its type.
#define GRADIENT_ROW(r) \
  for (size_t i = 0; i < columns; i += LANES) { \
    size_t start = i < last ? i : last; \
    whole_numbers own = lane_places == (numbers)((float)index - (float)start); \
    numbers hit = own ? (numbers)1.0f : (numbers)0.0f; \
    store_16((r) + start, upstream * (hit - exp_of_negative(load_16(x + start) - top) * share)); \
  }

CVAE_CLONES(categorical_gradient_body) {
  const arguments *a = data;
  size_t columns = a->columns;
  if (columns >= LANES) {
    for (size_t row = begin; row < end; row++) {
      const float *x = a->x + row * columns;
      int32_t index = a->indices[row];
      float top, share = 1.0f / total_row(x, columns, &top, 0);
      float upstream = index == (int32_t)columns ? 0 : a->upstream[row];
      size_t last = columns - LANES;
      if (a->out.type == CVAE_FLOAT32) {
        GRADIENT_ROW((float *)a->out.data + row * columns)
      } else {
        GRADIENT_ROW((uint16_t *)a->out.data + row * columns)
      }
    }
    return;
  }
  for (size_t row = begin; row < end; row += LANES) {
    size_t count = rows_left(row, end);
    numbers t[LANES], powers[LANES], top, sum, upstream = (numbers)0.0f;
    whole_numbers indices;
    load_columns(a->x + row * columns, a->x + a->rows * columns, count, columns, t);
    load_indices(a->indices + row, count, &indices);
    if (count == LANES) upstream = load_16(a->upstream + row);
    else for (size_t i = 0; i < count; i++) upstream[i] = a->upstream[row + i];
    upstream = indices == (whole_numbers)(int32_t)columns ? (numbers)0.0f : upstream;
    total_columns(t, columns, &top, &sum, powers);
    numbers share = 1.0f / sum;
    for (size_t i = 0; i < columns; i++) {
      numbers hit =
          indices == (whole_numbers)(int32_t)i ? (numbers)1.0f : (numbers)0.0f;
      t[i] = upstream * (hit - powers[i] * share);
    }
    store_columns(a->out, row * columns, count, columns, t);
  }
}

void cvae_categorical_gradient(
    const float *logits, const int32_t *indices, const float *upstream, cvae_tensor result,
    size_t rows, size_t columns, int threads) {
  arguments a = {
      .x = logits, .indices = indices, .upstream = upstream, .out = result, .rows = rows,
      .columns = columns};
  cvae_run(categorical_gradient_body, &a, rows, LANES, 8 * columns, threads);
}
