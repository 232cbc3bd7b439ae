#include "lanes.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

typedef struct {
  const float *x, *y, *upstream;
  const int32_t *indices;
  cvae_tensor out;
  float *result;
  size_t rows, columns;
  float number;
} arguments;

/// A NaN in a row is its largest number.
CVAE_CLONES(maximum_body) {
  const arguments *a = data;
  size_t columns = a->columns;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * columns;
    if (columns < LANES) {
      float largest = x[0];
      for (size_t i = 1; i < columns; i++)
        largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
      a->result[row] = largest;
      continue;
    }
    numbers top = load_16(x + columns - LANES);
    for (size_t i = 0; i + LANES <= columns; i += LANES) {
      numbers v = load_16(x + i);
      top = ((v > top) | (v != v)) ? v : top;
    }
    float largest = largest_of(&top);
    a->result[row] = __builtin_reduce_or(top != top) ? __builtin_nanf("") : largest;
  }
}

void cvae_maximum_rows(const float *x, float *result, size_t rows, size_t columns, int threads) {
  arguments a = {.x = x, .result = result, .rows = rows, .columns = columns};
  cvae_run(maximum_body, &a, rows, LANES, columns, threads);
}

CVAE_CLONES(gather_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + (size_t)a->indices[row] * a->columns;
    if (a->out.type == CVAE_FLOAT32) {
      __builtin_memcpy((float *)a->out.data + row * a->columns, x, a->columns * 4);
    } else {
      uint16_t *to = (uint16_t *)a->out.data + row * a->columns;
      for (size_t i = 0; i < a->columns; i++) to[i] = to_bfloat16(x[i]);
    }
  }
}

void cvae_gather(
    const float *table, const int32_t *indices, cvae_tensor result, size_t rows, size_t columns,
    int threads) {
  arguments a = {.x = table, .indices = indices, .out = result, .columns = columns};
  cvae_run(gather_body, &a, rows, 1, columns, threads);
}

CVAE_INLINE float row_mean(const float *x, size_t columns) {
  float sum = 0;
  for (size_t i = 0; i < columns; i++) sum += x[i];
  return sum / (float)columns;
}

CVAE_INLINE float row_precision(const float *x, size_t columns, float mean, float epsilon) {
  float sum = 0;
  for (size_t i = 0; i < columns; i++) sum += (x[i] - mean) * (x[i] - mean);
  return 1.0f / square_root(sum / (float)columns + epsilon);
}

CVAE_CLONES(normalize_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->columns;
    float *r = a->result + row * a->columns;
    float mean = row_mean(x, a->columns);
    float precision = row_precision(x, a->columns, mean, a->number);
    for (size_t i = 0; i < a->columns; i++) r[i] = (x[i] - mean) * precision;
  }
}

void cvae_normalize_rows(
    const float *x, float *result, size_t rows, size_t columns, float epsilon, int threads) {
  arguments a = {.x = x, .result = result, .columns = columns, .number = epsilon};
  cvae_run(normalize_body, &a, rows, 1, 3 * columns, threads);
}

CVAE_CLONES(normalize_gradient_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->columns, *u = a->upstream + row * a->columns;
    float *r = a->result + row * a->columns;
    float mean = row_mean(x, a->columns);
    float precision = row_precision(x, a->columns, mean, a->number);
    float plain = 0, weighted = 0;
    for (size_t i = 0; i < a->columns; i++) {
      plain += u[i];
      weighted += u[i] * (x[i] - mean) * precision;
    }
    plain /= (float)a->columns;
    weighted /= (float)a->columns;
    for (size_t i = 0; i < a->columns; i++)
      r[i] = precision * (u[i] - plain - (x[i] - mean) * precision * weighted);
  }
}

void cvae_normalize_rows_gradient(
    const float *x, const float *upstream, float *result, size_t rows, size_t columns,
    float epsilon, int threads) {
  arguments a = {
      .x = x, .upstream = upstream, .result = result, .columns = columns, .number = epsilon};
  cvae_run(normalize_gradient_body, &a, rows, 1, 6 * columns, threads);
}

// Logarithms are the expensive part, and log a + log b = log ab: with 8 × 16 factors in (1, 2], the products of
// the columns stay far from overflow.
#define FACTORS 8
CVAE_CLONES(bernoulli_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *l = a->x + row * a->columns, *x = a->y + row * a->columns;
    float sum = 0;
    size_t whole = a->columns - a->columns % (FACTORS * LANES);
    for (size_t start = 0; start < whole; start += FACTORS * LANES) {
      float product[LANES], linear[LANES];
      for (size_t i = 0; i < LANES; i++) product[i] = 1, linear[i] = 0;
      for (size_t part = start; part < start + FACTORS * LANES; part += LANES)
        for (size_t i = 0; i < LANES; i++) {
          product[i] *= 1.0f + expf_fast(-absolute(l[part + i]));
          linear[i] += bernoulli_linear(l[part + i], x[part + i]);
        }
      for (size_t i = 0; i < LANES; i++) sum += linear[i] - logf_fast(product[i]);
    }
    for (size_t i = whole; i < a->columns; i++)
      sum += bernoulli_linear(l[i], x[i]) - log1pf_fast(expf_fast(-absolute(l[i])));
    a->result[row] = sum;
  }
}

void cvae_bernoulli(
    const float *logits, const float *targets, float *result, size_t rows, size_t columns,
    int threads) {
  arguments a = {.x = logits, .y = targets, .result = result, .columns = columns};
  cvae_run(bernoulli_body, &a, rows, 1, 8 * columns, threads);
}

CVAE_CLONES(bernoulli_gradient_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *l = a->x + row * a->columns, *x = a->y + row * a->columns;
    float upstream = a->upstream[row];
    if (a->out.type == CVAE_FLOAT32) {
      float *r = (float *)a->out.data + row * a->columns;
      for (size_t i = 0; i < a->columns; i++) r[i] = upstream * (x[i] - sigmoidf(l[i]));
    } else {
      uint16_t *r = (uint16_t *)a->out.data + row * a->columns;
      for (size_t i = 0; i < a->columns; i++)
        r[i] = to_bfloat16(upstream * (x[i] - sigmoidf(l[i])));
    }
  }
}

void cvae_bernoulli_gradient(
    const float *logits, const float *targets, const float *upstream, cvae_tensor result,
    size_t rows, size_t columns, int threads) {
  arguments a = {
      .x = logits, .y = targets, .upstream = upstream, .out = result, .columns = columns};
  cvae_run(bernoulli_gradient_body, &a, rows, 1, 8 * columns, threads);
}

CVAE_CLONES(gaussian_body) {
  const arguments *a = data;
  float precision = expf_fast(-2.0f * a->number);
  float constant = (float)a->columns * (a->number + 0.918938533204672742f);
  for (size_t row = begin; row < end; row++) {
    const float *m = a->x + row * a->columns, *x = a->y + row * a->columns;
    float sum = 0;
    for (size_t i = 0; i < a->columns; i++) sum += (x[i] - m[i]) * (x[i] - m[i]);
    a->result[row] = -0.5f * sum * precision - constant;
  }
}

void cvae_gaussian(
    const float *mean, float log_deviation, const float *targets, float *result, size_t rows,
    size_t columns, int threads) {
  arguments a = {
      .x = mean, .y = targets, .result = result, .columns = columns, .number = log_deviation};
  cvae_run(gaussian_body, &a, rows, 1, columns, threads);
}
