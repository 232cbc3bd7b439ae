#include "elementwise.h"

// Elements are treated in blocks that stay in the first-level cache; a bfloat16 operand is widened
// into such a block, and a bfloat16 result narrowed from one. So every loop is written once.
#define BLOCK 512

CVAE_INLINE const float *load_block(cvae_tensor x, size_t start, size_t count, float *buffer) {
  if (x.type == CVAE_FLOAT32) return (const float *)x.data + start;
  const uint16_t *from = (const uint16_t *)x.data + start;
  for (size_t i = 0; i < count; i++) buffer[i] = from_bfloat16(from[i]);
  return buffer;
}

CVAE_INLINE float *result_block(cvae_tensor x, size_t start, float *buffer) {
  return x.type == CVAE_FLOAT32 ? (float *)x.data + start : buffer;
}

CVAE_INLINE void store_block(cvae_tensor x, size_t start, size_t count, const float *buffer) {
  if (x.type == CVAE_FLOAT32) return;
  uint16_t *to = (uint16_t *)x.data + start;
  for (size_t i = 0; i < count; i++) to[i] = to_bfloat16(buffer[i]);
}

typedef struct {
  int function;
  float slope;
  cvae_tensor x, y, result;
  cvae_pattern x_pattern, y_pattern;
  size_t columns;
} arguments;

CVAE_CLONES(convert_body) {
  const arguments *a = data;
  if (a->x.type == CVAE_FLOAT32 && a->result.type == CVAE_BFLOAT16) {
    const float *x = a->x.data;
    uint16_t *y = a->result.data;
    for (size_t i = begin; i < end; i++) y[i] = to_bfloat16(x[i]);
  } else if (a->x.type == CVAE_BFLOAT16 && a->result.type == CVAE_FLOAT32) {
    const uint16_t *x = a->x.data;
    float *y = a->result.data;
    for (size_t i = begin; i < end; i++) y[i] = from_bfloat16(x[i]);
  } else {
    size_t size = a->x.type == CVAE_FLOAT32 ? 4 : 2;
    __builtin_memcpy(
        (char *)a->result.data + begin * size, (const char *)a->x.data + begin * size,
        (end - begin) * size);
  }
}

void cvae_convert(cvae_tensor from, cvae_tensor to, size_t count, int threads) {
  arguments a = {.x = from, .result = to};
  cvae_run(convert_body, &a, count, 64, 1, threads);
}

CVAE_CLONES(unary_body) {
  const arguments *a = data;
  float slope = a->slope, in[BLOCK], out[BLOCK];
  for (size_t start = begin; start < end; start += BLOCK) {
    size_t n = end - start < BLOCK ? end - start : BLOCK;
    const float *x = load_block(a->x, start, n, in);
    float *r = result_block(a->result, start, out);
    unary_line((cvae_unary_function)a->function, slope, x, r, n);
    store_block(a->result, start, n, r);
  }
}

void cvae_unary(
    cvae_unary_function function, float slope, cvae_tensor x, cvae_tensor result, size_t count,
    int threads) {
  arguments a = {.function = function, .slope = slope, .x = x, .result = result};
  cvae_run(unary_body, &a, count, BLOCK, 4, threads);
}

#define EACH_GRADIENT(expression) \
  IN_PLACE \
  for (size_t i = 0; i < n; i++) { float v = x[i], u = y[i]; r[i] = (expression); } \
  break

CVAE_INLINE float silu_gradient(float v, float u) {
  float s = sigmoidf(v);
  return u * s * (1.0f + v * (1.0f - s));
}

CVAE_CLONES(gradient_body) {
  const arguments *a = data;
  float slope = a->slope, in[BLOCK], up[BLOCK], out[BLOCK];
  for (size_t start = begin; start < end; start += BLOCK) {
    size_t n = end - start < BLOCK ? end - start : BLOCK;
    const float *x = load_block(a->x, start, n, in);
    const float *y = load_block(a->y, start, n, up);
    float *r = result_block(a->result, start, out);
    switch ((cvae_unary_function)a->function) {
    case CVAE_NEGATE: EACH_GRADIENT(v == v ? -u : v);
    case CVAE_EXP: EACH_GRADIENT(u * v);
    case CVAE_LOG: EACH_GRADIENT(u / v);
    case CVAE_SQUARE_ROOT: EACH_GRADIENT(0.5f * u / v);
    case CVAE_SQUARE: EACH_GRADIENT(2.0f * u * v);
    case CVAE_RELU: EACH_GRADIENT(v > 0.0f ? u : 0.0f);
    case CVAE_LEAKY_RELU: EACH_GRADIENT(v > 0.0f ? u : slope * u);
    case CVAE_SILU: EACH_GRADIENT(silu_gradient(v, u));
    case CVAE_TANH: EACH_GRADIENT(u * (1.0f - v * v));
    case CVAE_SIGMOID: EACH_GRADIENT(u * v * (1.0f - v));
    case CVAE_SOFTPLUS: EACH_GRADIENT(u * sigmoidf(v));
    }
    store_block(a->result, start, n, r);
  }
}

void cvae_unary_gradient(
    cvae_unary_function function, float slope, cvae_tensor x, cvae_tensor upstream,
    cvae_tensor result, size_t count, int threads) {
  arguments a = {
      .function = function, .slope = slope, .x = x, .y = upstream, .result = result};
  cvae_run(gradient_body, &a, count, BLOCK, 2, threads);
}

/// `count` elements of an operand from one column of one row, as a block of plain numbers.
CVAE_INLINE const float *pattern_block(
    cvae_tensor x, cvae_pattern pattern, size_t row, size_t column, size_t columns, size_t count,
    float *buffer) {
  if (pattern == CVAE_FULL) return load_block(x, row * columns + column, count, buffer);
  if (pattern == CVAE_ROW) return load_block(x, column, count, buffer);
  float one[1];
  float value = load_block(x, pattern == CVAE_SCALAR ? 0 : row, 1, one)[0];
  for (size_t i = 0; i < count; i++) buffer[i] = value;
  return buffer;
}

#define EACH_PAIR(operator) \
  IN_PLACE \
  for (size_t i = 0; i < n; i++) r[i] = x[i] operator y[i]; \
  break

CVAE_CLONES(binary_body) {
  const arguments *a = data;
  float left[BLOCK], right[BLOCK], out[BLOCK];
  for (size_t row = begin; row < end; row++) {
    for (size_t column = 0; column < a->columns; column += BLOCK) {
      size_t rest = a->columns - column, n = rest < BLOCK ? rest : BLOCK;
      size_t start = row * a->columns + column;
      const float *x = pattern_block(a->x, a->x_pattern, row, column, a->columns, n, left);
      const float *y = pattern_block(a->y, a->y_pattern, row, column, a->columns, n, right);
      float *r = result_block(a->result, start, out);
      switch ((cvae_binary_function)a->function) {
      case CVAE_ADD: EACH_PAIR(+);
      case CVAE_SUBTRACT: EACH_PAIR(-);
      case CVAE_MULTIPLY: EACH_PAIR(*);
      case CVAE_DIVIDE: EACH_PAIR(/);
      }
      store_block(a->result, start, n, r);
    }
  }
}

void cvae_binary(
    cvae_binary_function function, cvae_tensor x, cvae_pattern x_pattern, cvae_tensor y,
    cvae_pattern y_pattern, cvae_tensor result, size_t rows, size_t columns, int threads) {
  bool flat = (x_pattern == CVAE_FULL || x_pattern == CVAE_SCALAR)
              && (y_pattern == CVAE_FULL || y_pattern == CVAE_SCALAR);
  if (flat && columns < BLOCK) {
    // One long row, cut where the threads meet.
    size_t count = rows * columns;
    columns = count % BLOCK == 0 ? BLOCK : count;
    rows = count / columns;
  }
  arguments a = {
      .function = function, .x = x, .y = y, .result = result, .x_pattern = x_pattern,
      .y_pattern = y_pattern, .columns = columns};
  cvae_run(binary_body, &a, rows, 1, columns, threads);
}

void cvae_fill(float *result, float value, size_t count) {
  for (size_t i = 0; i < count; i++) result[i] = value;
}

typedef struct {
  const float *mean_q, *log_variance_q, *mean_p, *log_variance_p;
  float *result;
} divergence_arguments;

CVAE_CLONES(divergence_body) {
  const divergence_arguments *a = data;
  for (size_t i = begin; i < end; i++) {
    float difference = a->log_variance_q[i] - a->log_variance_p[i];
    float distance = a->mean_q[i] - a->mean_p[i];
    // exp(d) - 1 - d cancels near 0, where its series is exact enough.
    float excess = expf_fast(difference) - 1.0f - difference;
    float d = difference;
    float series =
        d * d * (0.5f + d * (1.6666667e-1f + d * (4.1666667e-2f + d * 8.3333333e-3f)));
    float spread = absolute(d) < 0.25f ? series : excess;
    a->result[i] =
        0.5f * (spread + distance * distance * expf_fast(-a->log_variance_p[i]));
  }
}

void cvae_gaussian_divergence(
    const float *mean_q, const float *log_variance_q, const float *mean_p,
    const float *log_variance_p, float *result, size_t count, int threads) {
  divergence_arguments a = {mean_q, log_variance_q, mean_p, log_variance_p, result};
  cvae_run(divergence_body, &a, count, 64, 8, threads);
}
