#include "mathematics.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

typedef struct {
  const float *x, *y, *upstream;
  const int32_t *indices;
  cvae_tensor out;
  float *result;
  size_t rows, columns;
  float number;
  bool logarithm;
} arguments;

CVAE_CLONES(sum_rows_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->columns;
    float sum = 0;
    for (size_t i = 0; i < a->columns; i++) sum += x[i];
    a->result[row] = sum;
  }
}

void cvae_sum_rows(const float *x, float *result, size_t rows, size_t columns, int threads) {
  arguments a = {.x = x, .result = result, .columns = columns};
  cvae_run(sum_rows_body, &a, rows, 1, columns, threads);
}

CVAE_CLONES(sum_columns_body) {
  const arguments *a = data;
  float *result = a->result;
  for (size_t i = begin; i < end; i++) result[i] = 0;
  for (size_t row = 0; row < a->rows; row++) {
    if (a->out.type == CVAE_FLOAT32) {
      const float *x = (const float *)a->out.data + row * a->columns;
      for (size_t i = begin; i < end; i++) result[i] += x[i];
    } else {
      const uint16_t *x = (const uint16_t *)a->out.data + row * a->columns;
      for (size_t i = begin; i < end; i++) result[i] += from_bfloat16(x[i]);
    }
  }
}

void cvae_sum_columns(cvae_tensor x, float *result, size_t rows, size_t columns, int threads) {
  arguments a = {.out = x, .result = result, .rows = rows, .columns = columns};
  cvae_run(sum_columns_body, &a, columns, 16, rows, threads);
}

void cvae_maximum_rows(const float *x, float *result, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    float largest = x[row * columns];
    for (size_t i = 1; i < columns; i++) {
      float v = x[row * columns + i];
      largest = v > largest || v != v ? v : largest;
    }
    result[row] = largest;
  }
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

// Threads share out the columns, so that each sum has the order of the rows.
CVAE_CLONES(scatter_body) {
  const arguments *a = data;
  size_t levels = (size_t)a->number;
  for (size_t level = 0; level < levels; level++)
    for (size_t i = begin; i < end; i++) a->result[level * a->columns + i] = 0;
  for (size_t row = 0; row < a->rows; row++) {
    float *to = a->result + (size_t)a->indices[row] * a->columns;
    if (a->out.type == CVAE_FLOAT32) {
      const float *x = (const float *)a->out.data + row * a->columns;
      for (size_t i = begin; i < end; i++) to[i] += x[i];
    } else {
      const uint16_t *x = (const uint16_t *)a->out.data + row * a->columns;
      for (size_t i = begin; i < end; i++) to[i] += from_bfloat16(x[i]);
    }
  }
}

void cvae_scatter_add(
    cvae_tensor x, const int32_t *indices, float *table, size_t rows, size_t columns,
    size_t levels, int threads) {
  arguments a = {
      .out = x, .indices = indices, .result = table, .rows = rows, .columns = columns,
      .number = (float)levels};
  cvae_run(scatter_body, &a, columns, 16, rows, threads);
}

CVAE_INLINE float log_total(const float *x, size_t columns, float *largest) {
  float top = x[0];
  for (size_t i = 1; i < columns; i++) top = x[i] > top ? x[i] : top;
  float sum = 0;
  for (size_t i = 0; i < columns; i++) sum += expf_fast(x[i] - top);
  *largest = top;
  return logf_fast(sum);
}

CVAE_CLONES(softmax_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->columns;
    float *r = a->result + row * a->columns;
    float top, total = log_total(x, a->columns, &top);
    if (a->logarithm) {
      for (size_t i = 0; i < a->columns; i++) r[i] = (x[i] - top) - total;
    } else {
      for (size_t i = 0; i < a->columns; i++) r[i] = expf_fast((x[i] - top) - total);
    }
  }
}

void cvae_softmax(
    const float *x, float *result, size_t rows, size_t columns, bool logarithm, int threads) {
  arguments a = {.x = x, .result = result, .columns = columns, .logarithm = logarithm};
  cvae_run(softmax_body, &a, rows, 1, 8 * columns, threads);
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

// Logarithms are the dear part, and log a + log b = log ab: of 8 × 16 factors in (1, 2] the columns'
// products stay far from overflow.
#define FACTORS 8
#define LANES 16

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

CVAE_CLONES(categorical_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->columns;
    if (a->indices[row] == (int32_t)a->columns) {
      a->result[row] = 0;
      continue;
    }
    float top, total = log_total(x, a->columns, &top);
    a->result[row] = (x[a->indices[row]] - top) - total;
  }
}

void cvae_categorical(
    const float *logits, const int32_t *indices, float *result, size_t rows, size_t columns,
    int threads) {
  arguments a = {.x = logits, .indices = indices, .result = result, .columns = columns};
  cvae_run(categorical_body, &a, rows, 1, 8 * columns, threads);
}

CVAE_CLONES(categorical_gradient_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->columns;
    float top, total = log_total(x, a->columns, &top), upstream = a->upstream[row];
    int32_t index = a->indices[row];
    if (index == (int32_t)a->columns) upstream = 0;
    for (size_t i = 0; i < a->columns; i++) {
      float hit = (int32_t)i == index ? 1.0f : 0.0f;
      float value = upstream * (hit - expf_fast((x[i] - top) - total));
      if (a->out.type == CVAE_FLOAT32)
        ((float *)a->out.data)[row * a->columns + i] = value;
      else
        ((uint16_t *)a->out.data)[row * a->columns + i] = to_bfloat16(value);
    }
  }
}

void cvae_categorical_gradient(
    const float *logits, const int32_t *indices, const float *upstream, cvae_tensor result,
    size_t rows, size_t columns, int threads) {
  arguments a = {
      .x = logits, .indices = indices, .upstream = upstream, .out = result, .columns = columns};
  cvae_run(categorical_gradient_body, &a, rows, 1, 8 * columns, threads);
}
