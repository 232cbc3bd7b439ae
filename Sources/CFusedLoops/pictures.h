// The loops of pictures.c for vectors of LANES numbers. Included once for each width; NAMED makes the names
// differ. Types are constants where these are called, so that each pair has a loop of its own.

#include "vectors.h"

/// One group's channels fill a vector: its scales stay in registers.
CVAE_INLINE void NAMED(modulate_whole)(
    const arguments *a, size_t group, const cvae_type from, const cvae_type to) {
  vector scale = LOAD(a->scale + group * LANES);
  vector shift = a->shift ? LOAD(a->shift + group * LANES) : (vector)0.0f;
  size_t start = group * a->pixels * LANES, end = start + a->pixels * LANES;
  for (size_t i = start; i < end; i += LANES) {
    vector x = NAMED(load_as)(a->x.data, i, from);
    NAMED(store_as)(a->result.data, i, to, x + x * scale + shift);
  }
}

/// A line of numbers under scales and shifts as long as it is.
CVAE_INLINE void NAMED(modulate_line)(
    const arguments *a, size_t start, size_t count, const float *scale, const float *shift,
    const cvae_type from, const cvae_type to) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vector x = NAMED(load_as)(a->x.data, start + i, from);
    NAMED(store_as)(a->result.data, start + i, to, x + x * LOAD(scale + i) + LOAD(shift + i));
  }
  for (; i < count; i++) {
    float x = load_one(a->x, start + i);
    store_one(a->result, start + i, x + x * scale[i] + shift[i]);
  }
}

/// Any number of channels: the scales of a few pixels stand one after the other.
CVAE_INLINE void NAMED(modulate_lines)(
    const arguments *a, size_t group, const cvae_type from, const cvae_type to) {
  size_t channels = a->channels, count = a->pixels * channels, start = group * count;
  for (size_t first = 0; first < channels; first += VECTORS * LANES) {
    _Alignas(64) float scale[LINE], shift[LINE];
    line l = line_of(a, first, LANES);
    for (size_t i = 0; i < l.period; i += l.channels)
      for (size_t c = 0; c < l.channels; c++) {
        size_t channel = group * channels + first + c;
        scale[i + c] = a->scale[channel];
        shift[i + c] = a->shift ? a->shift[channel] : 0.0f;
      }
    for (size_t i = l.period; i < l.length; i++) {
      scale[i] = scale[i - l.period];
      shift[i] = shift[i - l.period];
    }
    for (size_t i = first; i < count; i += l.step)
      NAMED(modulate_line)(
          a, start + i, count - i < l.length ? count - i : l.length, scale, shift, from, to);
  }
}

CVAE_INLINE void NAMED(modulate)(
    const arguments *a, size_t begin, size_t end, const cvae_type from, const cvae_type to) {
  for (size_t group = begin; group < end; group++)
    if (a->channels == LANES)
      NAMED(modulate_whole)(a, group, from, to);
    else
      NAMED(modulate_lines)(a, group, from, to);
}

/// x, or x * y.
CVAE_INLINE vector NAMED(term)(
    const arguments *a, size_t i, const cvae_type x_type, const cvae_type y_type) {
  vector x = NAMED(load_as)(a->x.data, i, x_type);
  return a->y.data ? x * NAMED(load_as)(a->y.data, i, y_type) : x;
}

/// One group's channels fill a vector; four pixels at a time, so that no sum waits for the one before.
CVAE_INLINE void NAMED(sum_whole)(
    const arguments *a, size_t group, const cvae_type x_type, const cvae_type y_type) {
  vector total[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  size_t i = group * a->pixels * LANES, end = i + a->pixels * LANES;
  for (; i + 4 * LANES <= end; i += 4 * LANES) {
#pragma clang loop unroll(full)
    for (size_t j = 0; j < 4; j++) total[j] += NAMED(term)(a, i + j * LANES, x_type, y_type);
  }
  for (; i < end; i += LANES) total[0] += NAMED(term)(a, i, x_type, y_type);
  STORE(a->sums + group * LANES, (total[0] + total[1]) + (total[2] + total[3]));
}

/// The sums of `count` vectors at the same places of all lines from `start` on, in registers.
CVAE_INLINE void NAMED(sum_vectors)(
    const arguments *a, size_t start, size_t end, size_t step, float *sums, const size_t count,
    const cvae_type x_type, const cvae_type y_type) {
  vector total[VECTORS];
#pragma clang loop unroll(full)
  for (size_t j = 0; j < count; j++) total[j] = 0.0f;
  for (size_t i = start; i < end; i += step) {
#pragma clang loop unroll(full)
    for (size_t j = 0; j < count; j++) total[j] += NAMED(term)(a, i + j * LANES, x_type, y_type);
  }
#pragma clang loop unroll(full)
  for (size_t j = 0; j < count; j++) STORE(sums + j * LANES, total[j]);
}

/// The sums over lines; numbers after a line's last whole vector are added one by one.
CVAE_INLINE void NAMED(sum_strip)(
    const arguments *a, size_t start, size_t end, line l, float *total, const cvae_type x_type,
    const cvae_type y_type) {
  size_t lines = end - start < l.length ? 0 : (end - start - l.length) / l.step + 1;
  size_t whole = start + lines * l.step;
#define CASE(n) \
  case n: NAMED(sum_vectors)(a, start, whole, l.step, total, n, x_type, y_type); break
  switch (l.length / LANES) {
    CASE(1); CASE(2); CASE(3); CASE(4); CASE(5); CASE(6); CASE(7); CASE(8);
  }
#undef CASE
  for (size_t i = start; i < end; i += l.step) {
    size_t known = i < whole ? l.length / LANES * LANES : 0;
    for (size_t j = known; j < l.length && i + j < end; j++) {
      float x = load_one(a->x, i + j);
      total[j] += a->y.data ? x * load_one(a->y, i + j) : x;
    }
  }
}

/// Any number of channels: the sums of a few pixels stand one after the other, and are added at the end.
CVAE_INLINE void NAMED(sum_lines)(
    const arguments *a, size_t group, const cvae_type x_type, const cvae_type y_type) {
  size_t channels = a->channels, count = a->pixels * channels, start = group * count;
  for (size_t first = 0; first < channels; first += VECTORS * LANES) {
    float total[LINE] = {0};
    line l = line_of(a, first, LANES);
    NAMED(sum_strip)(a, start + first, start + count, l, total, x_type, y_type);
    for (size_t i = l.period; i < l.length; i += l.period)
      for (size_t j = 0; j < l.period; j++) total[j] += total[i + j];
    for (size_t i = l.channels; i < l.period; i += l.channels)
      for (size_t c = 0; c < l.channels; c++) total[c] += total[i + c];
    __builtin_memcpy(a->sums + group * channels + first, total, l.channels * sizeof(float));
  }
}

CVAE_INLINE void NAMED(sum)(
    const arguments *a, size_t begin, size_t end, const cvae_type x_type, const cvae_type y_type) {
  for (size_t group = begin; group < end; group++)
    if (a->channels == LANES)
      NAMED(sum_whole)(a, group, x_type, y_type);
    else
      NAMED(sum_lines)(a, group, x_type, y_type);
}
