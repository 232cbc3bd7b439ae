// The loops of thin.c, which explains them, for vectors of LANES numbers, which are also the blocks of
// channels. Included once for each width; NAMED makes the names differ.

#include "vectors.h"

/// Pixels `x` to `x + count` of a line: spread over one block of channels.
CVAE_INLINE void NAMED(spread_pixels)(
    const thin *a, const float *lines, const float *kernel, size_t x, const size_t count,
    const float *shift, void *result, size_t start, const cvae_type type) {
  size_t few = a->few, line = (a->width + 2) * few;
  vector total[4];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count; i++) total[i] = LOAD(shift);
  for (size_t p = 0; p < 3; p++)
    for (size_t i = 0; i < 3 * few; i++) {
      vector w = LOAD(kernel + (p * 3 * few + i) * a->many);
      const float *from = lines + p * line + x * few + i;
#pragma clang loop unroll(full)
      for (size_t j = 0; j < count; j++) total[j] += (vector)from[j * few] * w;
    }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < count; i++)
    NAMED(store_as)(result, start + (x + i) * LANES, type, total[i]);
}

CVAE_INLINE void NAMED(spread_part)(const thin *a, size_t part, const cvae_type type) {
  range pictures = part_of(a->batch, part, a->parts);
  size_t line = (a->width + 2) * a->few;
  float *padded = part_memory(a, part), *buffer = line_memory(a, part);
  for (size_t n = pictures.begin; n < pictures.end; n++) {
    pad(a, n, padded);
    for (size_t c = 0; c < a->many; c += LANES) {
      const float *shift = a->bias ? a->bias + c : no_channels;
      for (size_t y = 0; y < a->height; y++) {
        const float *lines = padded + y * line;
        size_t start = ((n * a->many + c) * a->height + y * LANES) * a->width;
        size_t x = 0;
        if (!a->activation.exists) {
          for (; x + 4 <= a->width; x += 4)
            NAMED(spread_pixels)(
                a, lines, a->kernel + c, x, 4, shift, a->wide_result, start, type);
          for (; x < a->width; x++)
            NAMED(spread_pixels)(
                a, lines, a->kernel + c, x, 1, shift, a->wide_result, start, type);
          continue;
        }
        // A function sees float32, before anything is rounded.
        for (; x + 4 <= a->width; x += 4)
          NAMED(spread_pixels)(a, lines, a->kernel + c, x, 4, shift, buffer, 0, CVAE_FLOAT32);
        for (; x < a->width; x++)
          NAMED(spread_pixels)(a, lines, a->kernel + c, x, 1, shift, buffer, 0, CVAE_FLOAT32);
        unary_line(
            a->activation.function, a->activation.slope, buffer, buffer, a->width * LANES);
        for (x = 0; x < a->width * LANES; x += LANES)
          NAMED(store_as)(a->wide_result, start + x, type, LOAD(buffer + x));
      }
    }
  }
}

/// One of the few channels of four pixels: gathered from all of the many.
CVAE_INLINE void NAMED(gather_pixels)(
    const thin *a, size_t picture, const float *kernel, size_t y, size_t x, float *sums,
    const cvae_type type) {
  size_t pixels = a->height * a->width;
  vector total[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (size_t p = 0; p < 3; p++) {
    size_t from = y + p - 1;  // the line above the first wraps around
    if (from >= a->height) continue;
    for (size_t c = 0; c < a->many; c += LANES) {
      size_t line = picture + c * pixels + from * a->width * LANES;
      vector v[6];
#pragma clang loop unroll(full)
      for (size_t j = 0; j < 6; j++) {
        size_t column = x + j - 1;
        const void *pixel =
            column < a->width ? element(a->wide, line + column * LANES, type) : no_channels;
        v[j] = NAMED(load_as)(pixel, 0, type);
      }
#pragma clang loop unroll(full)
      for (size_t q = 0; q < 3; q++) {
        vector w = LOAD(kernel + (p * 3 + q) * a->few * a->many + c);
#pragma clang loop unroll(full)
        for (size_t j = 0; j < 4; j++) total[j] += v[j + q] * w;
      }
    }
  }
  for (size_t j = 0; j < 4; j++) {
    sums[j] = 0.0f;
    for (size_t lane = 0; lane < LANES; lane++) sums[j] += total[j][lane];
  }
}

CVAE_INLINE void NAMED(gather_part)(const thin *a, size_t part, const cvae_type type) {
  range pictures = part_of(a->batch, part, a->parts);
  size_t pixels = a->height * a->width, few = a->few;
  float *buffer = line_memory(a, part);
  for (size_t n = pictures.begin; n < pictures.end; n++) {
    for (size_t y = 0; y < a->height; y++) {
      for (size_t s = 0; s < few; s++) {
        float shift = a->bias ? a->bias[s] : 0.0f;
        for (size_t x = 0; x < a->width; x += 4) {
          float sums[4];
          NAMED(gather_pixels)(a, n * a->many * pixels, a->kernel + s * a->many, y, x, sums, type);
          for (size_t j = 0; j < smaller(4, a->width - x); j++)
            buffer[(x + j) * few + s] = sums[j] + shift;
        }
      }
      if (a->activation.exists)
        unary_line(a->activation.function, a->activation.slope, buffer, buffer, a->width * few);
      store_line(a, (n * a->height + y) * a->width * few, buffer);
    }
  }
}

/// Adds the products of one of the few channels with one block of the many, over a picture; the sum of
/// the many to `bias`, unless that is null.
CVAE_INLINE void NAMED(correlate_picture)(
    const thin *a, const float *padded, size_t picture, float *sums, float *bias,
    const cvae_type type) {
  size_t few = a->few, line = (a->width + 2) * few, step = few * a->many;
  vector total[9], all = 0.0f;
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 9; i++) total[i] = 0.0f;
  for (size_t y = 0; y < a->height; y++) {
    const float *from = padded + y * line;
    for (size_t x = 0; x < a->width; x++, from += few, picture += LANES) {
      vector v = NAMED(load_as)(a->wide, picture, type);
      all += v;
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 9; i++)
        total[i] += (vector)from[i / 3 * line + i % 3 * few] * v;
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 9; i++) STORE(sums + i * step, LOAD(sums + i * step) + total[i]);
  if (bias) STORE(bias, LOAD(bias) + all);
}

CVAE_INLINE void NAMED(correlate_part)(const thin *a, size_t part, const cvae_type type) {
  range pictures = part_of(a->batch, part, a->parts);
  size_t pixels = a->height * a->width, few = a->few, many = a->many;
  float *sums = part_memory(a, part), *bias = sums + 9 * few * many, *padded = bias + many;
  for (size_t i = 0; i < 9 * few * many + many; i++) sums[i] = 0.0f;
  for (size_t n = pictures.begin; n < pictures.end; n++) {
    pad(a, n, padded);
    for (size_t c = 0; c < many; c += LANES)
      for (size_t s = 0; s < few; s++)
        NAMED(correlate_picture)(
            a, padded + s, (n * many + c) * pixels, sums + s * many + c,
            a->from_many || s > 0 ? NULL : bias + c, type);
    if (!a->from_many) continue;
    for (size_t s = 0; s < few; s++) {
      float total = 0.0f;
      for (size_t y = 1; y <= a->height; y++)
        for (size_t x = 1; x <= a->width; x++)
          total += padded[(y * (a->width + 2) + x) * few + s];
      bias[s] += total;
    }
  }
}

// MARK: The parts `begin` to `end`

CVAE_INLINE void NAMED(spread)(
    const thin *a, size_t begin, size_t end, const cvae_type type) {
  for (size_t part = begin; part < end; part++) NAMED(spread_part)(a, part, type);
}

CVAE_INLINE void NAMED(gather)(
    const thin *a, size_t begin, size_t end, const cvae_type type) {
  for (size_t part = begin; part < end; part++) NAMED(gather_part)(a, part, type);
}

CVAE_INLINE void NAMED(correlate)(
    const thin *a, size_t begin, size_t end, const cvae_type type) {
  for (size_t part = begin; part < end; part++) NAMED(correlate_part)(a, part, type);
}
