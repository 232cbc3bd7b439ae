#include "lanes.h"

// Axes of extent 1 are left out, and neighbours that lie without gaps on both sides merged. Then the last
// axis is a line, and threads share out the lines; where lines are read across, they share out tiles.
#define AXES 8
#define TILE 16
#define ROWS_OF_TILES 64
#define COLUMNS_OF_TILES 256
#define PART 4096

typedef struct {
  ptrdiff_t extent, from, to;
} axis;

typedef struct {
  int rank;
  axis axes[AXES];
  const float *from;
  float *to;
} arguments;

static void add_axis(arguments *a, axis own) {
  if (own.extent == 1) return;
  if (a->rank > 0) {
    axis *outer = &a->axes[a->rank - 1];
    if (outer->from == own.extent * own.from && outer->to == own.extent * own.to) {
      *outer = (axis){outer->extent * own.extent, own.from, own.to};
      return;
    }
  }
  a->axes[a->rank++] = own;
}

/// How far work on units of some axes has come.
typedef struct {
  ptrdiff_t index[AXES];
  const float *from;
  float *to;
} place;

static place place_of(const arguments *a, size_t unit) {
  place result = {.from = a->from, .to = a->to};
  for (int i = a->rank - 1; i >= 0; i--) {
    ptrdiff_t index = (ptrdiff_t)(unit % (size_t)a->axes[i].extent);
    unit /= (size_t)a->axes[i].extent;
    result.index[i] = index;
    result.from += index * a->axes[i].from;
    result.to += index * a->axes[i].to;
  }
  return result;
}

CVAE_INLINE void advance(const arguments *a, place *p) {
  for (int i = a->rank - 1; i >= 0; i--) {
    p->from += a->axes[i].from;
    p->to += a->axes[i].to;
    if (++p->index[i] < a->axes[i].extent) return;
    p->from -= a->axes[i].extent * a->axes[i].from;
    p->to -= a->axes[i].extent * a->axes[i].to;
    p->index[i] = 0;
  }
}

CVAE_INLINE void copy_line(const float *from, float *to, size_t count) {
  if (count >= PART) {
    __builtin_memcpy(to, from, count * sizeof(float));
  } else if (count >= LANES) {
    for (size_t i = 0; i + LANES <= count; i += LANES) store_16(to + i, load_16(from + i));
    store_16(to + count - LANES, load_16(from + count - LANES));
  } else {
    for (size_t i = 0; i < count; i++) to[i] = from[i];
  }
}

CVAE_INLINE void fill_line(float value, float *to, size_t count) {
  if (count >= LANES) {
    for (size_t i = 0; i + LANES <= count; i += LANES) store_16(to + i, (numbers)value);
    store_16(to + count - LANES, (numbers)value);
  } else {
    for (size_t i = 0; i < count; i++) to[i] = value;
  }
}

/// The last axis and the others.
typedef struct {
  axis line;
  arguments outer;
} lines;

CVAE_CLONES(lines_body) {
  const lines *a = data;
  axis line = a->line;
  place p = place_of(&a->outer, begin);
  for (size_t unit = begin; unit < end; unit++) {
    if (line.from == 1 && line.to == 1)
      copy_line(p.from, p.to, (size_t)line.extent);
    else if (line.from == 0 && line.to == 1)
      fill_line(*p.from, p.to, (size_t)line.extent);
    else
      for (ptrdiff_t i = 0; i < line.extent; i++) p.to[i * line.to] = p.from[i * line.from];
    advance(&a->outer, &p);
  }
}

/// The axis along which `from` lies without gaps, the one along which `to` does, and the others.
typedef struct {
  axis across, along;
  arguments outer;
} tiles;

CVAE_INLINE void copy_tile(
    const tiles *a, const float *from, float *to, ptrdiff_t rows, ptrdiff_t columns) {
  if (rows == TILE && columns == TILE) {
    numbers t[TILE];
    for (ptrdiff_t i = 0; i < TILE; i++) t[i] = load_16(from + i * a->along.from);
    transpose_16(t);
    for (ptrdiff_t i = 0; i < TILE; i++) store_16(to + i * a->across.to, t[i]);
  } else {
    for (ptrdiff_t i = 0; i < columns; i++)
      for (ptrdiff_t j = 0; j < rows; j++)
        to[i * a->across.to + j] = from[i + j * a->along.from];
  }
}

CVAE_INLINE ptrdiff_t at_most(ptrdiff_t x, ptrdiff_t limit) { return x < limit ? x : limit; }

CVAE_CLONES(tiles_body) {
  const tiles *a = data;
  size_t wide = ((size_t)a->across.extent + COLUMNS_OF_TILES - 1) / COLUMNS_OF_TILES;
  size_t high = ((size_t)a->along.extent + ROWS_OF_TILES - 1) / ROWS_OF_TILES;
  for (size_t unit = begin; unit < end; unit++) {
    place p = place_of(&a->outer, unit / (wide * high));
    ptrdiff_t column = (ptrdiff_t)(unit / high % wide) * COLUMNS_OF_TILES;
    ptrdiff_t row = (ptrdiff_t)(unit % high) * ROWS_OF_TILES;
    ptrdiff_t right = at_most(a->across.extent, column + COLUMNS_OF_TILES);
    ptrdiff_t below = at_most(a->along.extent, row + ROWS_OF_TILES);
    for (ptrdiff_t j = row; j < below; j += TILE)
      for (ptrdiff_t i = column; i < right; i += TILE)
        copy_tile(
            a, p.from + i + j * a->along.from, p.to + i * a->across.to + j,
            at_most(TILE, below - j), at_most(TILE, right - i));
  }
}

static size_t count_of(const arguments *a) {
  size_t count = 1;
  for (int i = 0; i < a->rank; i++) count *= (size_t)a->axes[i].extent;
  return count;
}

void cvae_strided_copy(
    int rank, const ptrdiff_t *extents, const float *from, const ptrdiff_t *from_strides,
    float *to, const ptrdiff_t *to_strides, int threads) {
  arguments a = {.from = from, .to = to};
  for (int i = 0; i < rank; i++) add_axis(&a, (axis){extents[i], from_strides[i], to_strides[i]});
  if (a.rank == 0) a.axes[a.rank++] = (axis){1, 1, 1};
  axis last = a.axes[--a.rank];
  for (int i = 0; last.to == 1 && last.from != 1 && i < a.rank; i++) {
    if (a.axes[i].from != 1) continue;
    tiles t = {.across = a.axes[i], .along = last, .outer = a};
    for (int j = i; j + 1 < a.rank; j++) t.outer.axes[j] = a.axes[j + 1];
    t.outer.rank--;
    size_t wide = ((size_t)t.across.extent + COLUMNS_OF_TILES - 1) / COLUMNS_OF_TILES;
    size_t high = ((size_t)last.extent + ROWS_OF_TILES - 1) / ROWS_OF_TILES;
    size_t count = count_of(&t.outer) * wide * high;
    size_t cost = (size_t)(t.across.extent * last.extent) / (wide * high);
    cvae_run(tiles_body, &t, count, 1, cost, threads);
    return;
  }
  // One long line goes in parts.
  if (a.rank == 0) {
    ptrdiff_t whole = last.extent / PART * PART;
    arguments rest = {.from = from + whole * last.from, .to = to + whole * last.to};
    lines end = {.line = {last.extent - whole, last.from, last.to}, .outer = rest};
    lines_body(&end, 0, 1);
    a.axes[a.rank++] = (axis){last.extent / PART, last.from * PART, last.to * PART};
    last.extent = PART;
  }
  lines l = {.line = last, .outer = a};
  cvae_run(lines_body, &l, count_of(&a), 1, (size_t)last.extent, threads);
}
