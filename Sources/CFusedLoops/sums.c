#include "lanes.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

typedef struct {
  const float *x;
  const int32_t *indices;
  cvae_tensor operand;
  float *result;
  size_t rows, columns, first, count, levels;
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

// Sums over rows walk through memory in its own order. Above a size, they have a fixed number of parts, each a
// range of rows with sums of its own, which are added in their order at the end.
#define PARTS 16
#define WIDTH 1024
#define PARTED_SIZE 262144

/// Adds 4 runs of `count` numbers, which lie `step` apart, to sums; or one.
#define ADD_RUNS(x) \
  for (size_t row = 0; row < rows; row += 4) { \
    size_t i = 0; \
    if (rows - row < 4) { \
      for (; row < rows; row++) \
        for (size_t j = 0; j < count; j++) sums[j] += number_at((x) + row * step + j); \
      break; \
    } \
    for (; i + LANES <= count; i += LANES) { \
      numbers sum = load_16(sums + i); \
      for (size_t j = 0; j < 4; j++) sum += load_16((x) + (row + j) * step + i); \
      store_16(sums + i, sum); \
    } \
    for (; i < count; i++) \
      for (size_t j = 0; j < 4; j++) sums[i] += number_at((x) + (row + j) * step + i); \
  }

CVAE_OVERLOADED float number_at(const float *x) { return *x; }
CVAE_OVERLOADED float number_at(const uint16_t *x) { return from_bfloat16(*x); }

CVAE_INLINE void add_runs(
    cvae_tensor x, size_t start, size_t rows, size_t step, size_t count, float *sums) {
  if (x.type == CVAE_FLOAT32) {
    ADD_RUNS((const float *)x.data + start)
  } else {
    ADD_RUNS((const uint16_t *)x.data + start)
  }
}

/// So many rows of few columns count as one, and give whole vectors.
CVAE_INLINE size_t rows_in_run(size_t columns) {
  if (columns > WIDTH / LANES) return 1;
  return WIDTH / columns / LANES * LANES;
}

/// Sums of rows `begin` to `end` over columns `first` to `first + count`.
CVAE_INLINE void sum_range(
    cvae_tensor x, size_t begin, size_t end, size_t columns, size_t first, size_t count,
    float *result) {
  size_t group = count == columns ? rows_in_run(columns) : 1;
  if (group == 1) {
    for (size_t i = 0; i < count; i++) result[i] = 0;
    add_runs(x, begin * columns + first, end - begin, columns, count, result);
    return;
  }
  float sums[WIDTH];
  size_t length = group * columns, runs = (end - begin) / group;
  for (size_t i = 0; i < length; i++) sums[i] = 0;
  add_runs(x, begin * columns, runs, length, length, sums);
  add_runs(x, (begin + runs * group) * columns, 1, length, (end - begin - runs * group) * columns, sums);
  for (size_t i = 0; i < columns; i++) result[i] = 0;
  for (size_t row = 0; row < group; row++)
    for (size_t i = 0; i < columns; i++) result[i] += sums[row * columns + i];
}

CVAE_CLONES(sum_columns_body) {
  const arguments *a = data;
  for (size_t first = begin; first < end; first += WIDTH) {
    size_t count = end - first < WIDTH ? end - first : WIDTH;
    sum_range(a->operand, 0, a->rows, a->columns, first, count, a->result + first);
  }
}

/// `first` and `count` columns of all rows, whose parts lie in `result`.
CVAE_CLONES(sum_parts_body) {
  const arguments *a = data;
  for (size_t part = begin; part < end; part++)
    sum_range(
        a->operand, a->rows * part / PARTS, a->rows * (part + 1) / PARTS, a->columns, a->first,
        a->count, a->result + part * WIDTH);
}

void cvae_sum_columns(cvae_tensor x, float *result, size_t rows, size_t columns, int threads) {
  arguments a = {.operand = x, .result = result, .rows = rows, .columns = columns};
  if (rows * columns < PARTED_SIZE || rows < 4 * PARTS) {
    cvae_run(sum_columns_body, &a, columns, columns < 2 * LANES ? columns : LANES, rows, threads);
    return;
  }
  float sums[PARTS * WIDTH];
  a.result = sums;
  for (a.first = 0; a.first < columns; a.first += WIDTH) {
    a.count = columns - a.first < WIDTH ? columns - a.first : WIDTH;
    cvae_run(sum_parts_body, &a, PARTS, 1, rows / PARTS * a.count, threads);
    for (size_t i = 0; i < a.count; i++) {
      float sum = 0;
      for (size_t part = 0; part < PARTS; part++) sum += sums[part * WIDTH + i];
      result[a.first + i] = sum;
    }
  }
}

CVAE_INLINE void scatter_range(
    const arguments *a, size_t begin, size_t end, size_t first, size_t count, float *table,
    size_t step) {
  size_t levels = a->levels;
  for (size_t level = 0; level < levels; level++)
    for (size_t i = 0; i < count; i++) table[level * step + i] = 0;
  for (size_t row = begin; row < end; row++)
    add_runs(
        a->operand, row * a->columns + first, 1, 0, count, table + (size_t)a->indices[row] * step);
}

// Threads share out the columns.
CVAE_CLONES(scatter_body) {
  const arguments *a = data;
  scatter_range(a, 0, a->rows, begin, end - begin, a->result + begin, a->columns);
}

CVAE_CLONES(scatter_parts_body) {
  const arguments *a = data;
  for (size_t part = begin; part < end; part++)
    scatter_range(
        a, a->rows * part / PARTS, a->rows * (part + 1) / PARTS, 0, a->columns,
        a->result + part * a->count, a->columns);
}

void cvae_scatter_add(
    cvae_tensor x, const int32_t *indices, float *table, size_t rows, size_t columns,
    size_t levels, int threads) {
  arguments a = {
      .operand = x, .indices = indices, .result = table, .rows = rows, .columns = columns,
      .count = levels * columns, .levels = levels};
  if (rows * columns < PARTED_SIZE || a.count > 2 * WIDTH || rows < 4 * PARTS) {
    cvae_run(scatter_body, &a, columns, LANES, rows, threads);
    return;
  }
  // Few levels: parts of the rows, as for sums over columns.
  float sums[2 * PARTS * WIDTH];
  a.result = sums;
  cvae_run(scatter_parts_body, &a, PARTS, 1, rows / PARTS * columns, threads);
  for (size_t i = 0; i < a.count; i++) {
    float sum = 0;
    for (size_t part = 0; part < PARTS; part++) sum += sums[part * a.count + i];
    table[i] = sum;
  }
}

// Sums over any axes of a row-major array. Axes of extent 1 are left out and neighbours of a kind merged, so
// that kept and summed ones take turns; threads share out the first that is kept.
#define AXES 8

typedef struct {
  ptrdiff_t extent, from, to;
} axis;

typedef struct {
  int rank, shared;
  axis axes[AXES];
  const float *from;
  float *to;
} strided;

CVAE_INLINE float sum_of_run(const float *x, size_t count) {
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i];
  return sum;
}

/// Adds rows of a matrix without gaps to a row.
CVAE_INLINE void add_rows(const float *x, size_t rows, size_t columns, float *to) {
  cvae_tensor matrix = {(void *)x, CVAE_FLOAT32};
  if (columns > WIDTH / LANES) {
    add_runs(matrix, 0, rows, columns, columns, to);
    return;
  }
  float sums[WIDTH / LANES];
  sum_range(matrix, 0, rows, columns, 0, columns, sums);
  for (size_t i = 0; i < columns; i++) to[i] += sums[i];
}

/// A matrix without gaps whose rows go to one row, or, without columns, a run that goes to one number.
typedef struct {
  const float *from;
  size_t rows, columns;
  float *to;
} summands;

CVAE_CLONES(add_summands) {
  const summands *a = data;
  (void)begin;
  (void)end;
  if (a->columns == 0) *a->to += sum_of_run(a->from, a->rows);
  else add_rows(a->from, a->rows, a->columns, a->to);
}

static void add(const float *from, size_t rows, size_t columns, float *to) {
  summands s = {from, rows, columns, to};
  add_summands(&s, 0, 1);
}

/// Adds the axes from `first` on; of the shared axis, `begin` to `end`.
static void add_axes(
    const strided *a, int first, size_t begin, size_t end, const float *from, float *to) {
  axis own = a->axes[first];
  bool shared = first == a->shared;
  size_t low = shared ? begin : 0, high = shared ? end : (size_t)own.extent;
  from += (ptrdiff_t)low * own.from;
  to += (ptrdiff_t)low * own.to;
  if (first == a->rank - 1) {
    if (own.to == 0) add(from, high - low, 0, to);
    else add(from, 1, high - low, to);
  } else if (first == a->rank - 2 && own.to == 0 && first + 1 != a->shared) {
    add(from, high - low, (size_t)a->axes[first + 1].extent, to);
  } else {
    for (size_t i = low; i < high; i++, from += own.from, to += own.to)
      add_axes(a, first + 1, begin, end, from, to);
  }
}

static void strided_body(const void *data, size_t begin, size_t end) {
  const strided *a = data;
  add_axes(a, 0, begin, end, a->from, a->to);
}

void cvae_strided_sum(
    int rank, const ptrdiff_t *extents, const float *from, float *to, const ptrdiff_t *to_strides,
    size_t to_count, int threads) {
  for (size_t i = 0; i < to_count; i++) to[i] = 0;
  strided a = {.from = from, .to = to};
  for (int i = 0; i < rank; i++) {
    if (extents[i] == 1) continue;
    axis *outer = a.rank > 0 ? &a.axes[a.rank - 1] : 0;
    if (outer && outer->to == extents[i] * to_strides[i])
      *outer = (axis){outer->extent * extents[i], 0, to_strides[i]};
    else
      a.axes[a.rank++] = (axis){extents[i], 0, to_strides[i]};
  }
  if (a.rank == 0) a.axes[a.rank++] = (axis){1, 0, 0};
  ptrdiff_t step = 1;
  for (int i = a.rank - 1; i >= 0; i--) {
    a.axes[i].from = step;
    step *= a.axes[i].extent;
  }
  while (a.shared < a.rank - 1 && a.axes[a.shared].to == 0) a.shared++;
  size_t count = (size_t)a.axes[a.shared].extent;
  bool kept = a.axes[a.shared].to != 0;
  cvae_run(strided_body, &a, count, kept ? 1 : count, (size_t)step / count, threads);
}
