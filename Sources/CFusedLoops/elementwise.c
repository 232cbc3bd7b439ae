#include "elementwise.h"

/// Does something for a tensor, whose elements it sees as `name`; written once, compiled for each type.
#define WITH(tensor, name, ...) \
  if ((tensor).type == CVAE_FLOAT32) { \
    float *name = (tensor).data; \
    __VA_ARGS__; \
  } else { \
    uint16_t *name = (tensor).data; \
    __VA_ARGS__; \
  }

#define LANES 16
// Threads meet where nothing shares a line of the cache.
#define CHUNK 64

typedef struct {
  int function;
  float slope;
  cvae_tensor x, y, result;
  /// 0 for an operand that has one vector, which repeats; else 1.
  size_t x_step, y_step;
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

CVAE_INLINE size_t element_size(cvae_tensor x) { return x.type == CVAE_FLOAT32 ? 4 : 2; }

/// `count` elements from `start` on, in a vector of their own.
static cvae_tensor padded(cvae_tensor x, size_t start, size_t count, float room[LANES]) {
  size_t size = element_size(x);
  if (x.data) __builtin_memcpy(room, (const char *)x.data + start * size, count * size);
  return (cvae_tensor){room, x.type};
}

/// Runs a loop that takes 16 numbers at a time; the last ones, fewer, lie among others meanwhile.
static void run_in_vectors(cvae_body body, arguments a, size_t count, size_t cost, int threads) {
  size_t rest = count % LANES, whole = count - rest;
  cvae_run(body, &a, whole, CHUNK, cost, threads);
  if (rest == 0) return;
  float x[LANES] = {0}, y[LANES] = {0}, result[LANES];
  cvae_tensor target = a.result;
  size_t size = element_size(target);
  if (a.x_step) a.x = padded(a.x, whole, rest, x);
  if (a.y_step) a.y = padded(a.y, whole, rest, y);
  a.result.data = result;
  body(&a, 0, LANES);
  __builtin_memcpy((char *)target.data + whole * size, result, rest * size);
}

#define EACH(expression) \
  for (size_t i = begin; i < end; i += LANES) { \
    numbers v = load_16(x + i); \
    store_16(r + i, expression); \
  }

CVAE_CLONES(unary_body) {
  const arguments *a = data;
  float slope = a->slope;
  WITH(a->x, x, WITH(a->result, r, switch ((cvae_unary_function)a->function) {
    UNARY_CASES(EACH)
  }))
}

void cvae_unary(
    cvae_unary_function function, float slope, cvae_tensor x, cvae_tensor result, size_t count,
    int threads) {
  arguments a = {.function = function, .slope = slope, .x = x, .result = result, .x_step = 1};
  run_in_vectors(unary_body, a, count, 4, threads);
}

#define EACH_GRADIENT(expression) \
  for (size_t i = begin; i < end; i += LANES) { \
    numbers v = load_16(x + i), u = load_16(y + i); \
    store_16(r + i, expression); \
  }

#define GRADIENT_CASES(EACH) \
  case CVAE_NEGATE: EACH(negation_gradient(v, u)); break; \
  case CVAE_EXP: EACH(u * v); break; \
  case CVAE_LOG: EACH(u / v); break; \
  case CVAE_SQUARE_ROOT: EACH(0.5f * u / v); break; \
  case CVAE_SQUARE: EACH(2.0f * u * v); break; \
  case CVAE_RELU: EACH(relu_gradient(v, u)); break; \
  case CVAE_LEAKY_RELU: EACH(leaky_gradient(v, u, slope)); break; \
  case CVAE_SILU: EACH(silu_gradient(v, u)); break; \
  case CVAE_TANH: EACH(u * (1.0f - v * v)); break; \
  case CVAE_SIGMOID: EACH(u * v * (1.0f - v)); break; \
  case CVAE_SOFTPLUS: EACH(u * sigmoidf(v)); break;

CVAE_CLONES(gradient_body) {
  const arguments *a = data;
  float slope = a->slope;
  WITH(a->x, x, WITH(a->y, y, WITH(a->result, r, switch ((cvae_unary_function)a->function) {
    GRADIENT_CASES(EACH_GRADIENT)
  })))
}

void cvae_unary_gradient(
    cvae_unary_function function, float slope, cvae_tensor x, cvae_tensor upstream,
    cvae_tensor result, size_t count, int threads) {
  arguments a = {
      .function = function, .slope = slope, .x = x, .y = upstream, .result = result, .x_step = 1,
      .y_step = 1};
  run_in_vectors(gradient_body, a, count, 2, threads);
}

#define EACH_PAIR(operator) \
  for (size_t i = begin; i < end; i += LANES) \
    store_16(r + i, load_16(x + i * x_step) operator load_16(y + i * y_step));

CVAE_CLONES(flat_binary_body) {
  const arguments *a = data;
  size_t x_step = a->x_step, y_step = a->y_step;
  WITH(a->x, x, WITH(a->y, y, WITH(a->result, r, switch ((cvae_binary_function)a->function) {
    case CVAE_ADD: EACH_PAIR(+); break;
    case CVAE_SUBTRACT: EACH_PAIR(-); break;
    case CVAE_MULTIPLY: EACH_PAIR(*); break;
    case CVAE_DIVIDE: EACH_PAIR(/); break;
  })))
}

/// A scalar in every lane of a vector.
static cvae_tensor splat(cvae_tensor x, float room[LANES]) {
  size_t size = element_size(x);
  for (size_t i = 0; i < LANES; i++) __builtin_memcpy((char *)room + i * size, x.data, size);
  return (cvae_tensor){room, x.type};
}

// Where an operand repeats, elements are treated in blocks that stay in the first-level cache, of one row or
// of several whole ones; there an operand is widened or repeated, and a bfloat16 result narrowed.
#define BLOCK 512

CVAE_INLINE const float *load_block(cvae_tensor x, size_t start, size_t count, float *buffer) {
  if (x.type == CVAE_FLOAT32) return (const float *)x.data + start;
  const uint16_t *from = (const uint16_t *)x.data + start;
  for (size_t i = 0; i < count; i++) buffer[i] = from_bfloat16(from[i]);
  return buffer;
}

CVAE_INLINE void store_block(cvae_tensor x, size_t start, size_t count, const float *buffer) {
  if (x.type == CVAE_FLOAT32) return;
  uint16_t *to = (uint16_t *)x.data + start;
  for (size_t i = 0; i < count; i++) to[i] = to_bfloat16(buffer[i]);
}

/// `columns` elements of each of so many rows, from one column on, as a block of plain numbers. A row that
/// is repeated is in its place already unless it is the first time.
CVAE_INLINE const float *pattern_block(
    const arguments *a, cvae_tensor x, cvae_pattern pattern, size_t row, size_t rows,
    size_t column, size_t columns, bool first, float *buffer) {
  float one[1];
  if (pattern == CVAE_FULL)
    return load_block(x, row * a->columns + column, rows * columns, buffer);
  if (pattern == CVAE_COLUMN) {
    for (size_t i = 0; i < rows; i++) {
      float value = load_block(x, row + i, 1, one)[0];
      for (size_t j = 0; j < columns; j++) buffer[i * columns + j] = value;
    }
    return buffer;
  }
  if (!first) return buffer;
  if (pattern == CVAE_SCALAR) {
    float value = load_block(x, 0, 1, one)[0];
    for (size_t i = 0; i < rows * columns; i++) buffer[i] = value;
    return buffer;
  }
  float wide[BLOCK];
  const float *values = load_block(x, column, columns, wide);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) buffer[i * columns + j] = values[j];
  return buffer;
}

#define EACH_BLOCK_PAIR(operator) \
  IN_PLACE \
  for (size_t i = 0; i < n; i++) r[i] = x[i] operator y[i]; \
  break

CVAE_CLONES(binary_body) {
  const arguments *a = data;
  float left[BLOCK], right[BLOCK], out[BLOCK];
  size_t group = a->columns < BLOCK ? BLOCK / a->columns : 1;
  for (size_t column = 0; column < a->columns; column += BLOCK) {
    size_t rest = a->columns - column, columns = rest < BLOCK ? rest : BLOCK;
    for (size_t row = begin; row < end; row += group) {
      size_t rows = end - row < group ? end - row : group, n = rows * columns;
      size_t start = row * a->columns + column;
      bool first = row == begin;
      const float *x =
          pattern_block(a, a->x, a->x_pattern, row, rows, column, columns, first, left);
      const float *y =
          pattern_block(a, a->y, a->y_pattern, row, rows, column, columns, first, right);
      float *r = a->result.type == CVAE_FLOAT32 ? (float *)a->result.data + start : out;
      switch ((cvae_binary_function)a->function) {
      case CVAE_ADD: EACH_BLOCK_PAIR(+);
      case CVAE_SUBTRACT: EACH_BLOCK_PAIR(-);
      case CVAE_MULTIPLY: EACH_BLOCK_PAIR(*);
      case CVAE_DIVIDE: EACH_BLOCK_PAIR(/);
      }
      store_block(a->result, start, n, r);
    }
  }
}

void cvae_binary(
    cvae_binary_function function, cvae_tensor x, cvae_pattern x_pattern, cvae_tensor y,
    cvae_pattern y_pattern, cvae_tensor result, size_t rows, size_t columns, int threads) {
  arguments a = {
      .function = function, .x = x, .y = y, .result = result, .x_step = x_pattern == CVAE_FULL,
      .y_step = y_pattern == CVAE_FULL, .x_pattern = x_pattern, .y_pattern = y_pattern,
      .columns = columns};
  bool flat = (x_pattern == CVAE_FULL || x_pattern == CVAE_SCALAR)
              && (y_pattern == CVAE_FULL || y_pattern == CVAE_SCALAR);
  if (!flat) {
    cvae_run(binary_body, &a, rows, 1, columns, threads);
    return;
  }
  float left[LANES], right[LANES];
  if (x_pattern == CVAE_SCALAR) a.x = splat(x, left);
  if (y_pattern == CVAE_SCALAR) a.y = splat(y, right);
  run_in_vectors(flat_binary_body, a, rows * columns, 1, threads);
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
