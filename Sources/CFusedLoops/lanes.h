/// Rows of numbers as vectors of 16: across the columns, and, for rows too short for that, across the rows.
#ifndef CVAE_LANES_H
#define CVAE_LANES_H

#include "mathematics.h"

#define LANES 16

typedef float eight_numbers __attribute__((ext_vector_type(8)));
typedef float four_numbers __attribute__((ext_vector_type(4)));

static const numbers lane_places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/// Keeps the last `rest` lanes and zeroes the others: of a vector that ends where its row does, those that
/// no vector before it has.
CVAE_INLINE void keep_last(numbers *x, size_t rest) {
  *x = lane_places >= (numbers)(float)(LANES - rest) ? *x : (numbers)0.0f;
}

CVAE_INLINE float sum_of(const numbers *x) {
  eight_numbers eight = x->lo + x->hi;
  four_numbers four = eight.lo + eight.hi;
  return (four.x + four.z) + (four.y + four.w);
}

/// NaN may be lost beside a number.
CVAE_INLINE float largest_of(const numbers *x) {
  eight_numbers eight = x->lo > x->hi ? x->lo : x->hi;
  four_numbers four = eight.lo > eight.hi ? eight.lo : eight.hi;
  float a = four.x > four.z ? four.x : four.z, b = four.y > four.w ? four.y : four.w;
  return a > b ? a : b;
}

#define PAIRS_LOW(a, b) \
  __builtin_shufflevector( \
      a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define PAIRS_HIGH(a, b) \
  __builtin_shufflevector( \
      a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define DOUBLES_LOW(a, b) \
  __builtin_shufflevector( \
      a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define DOUBLES_HIGH(a, b) \
  __builtin_shufflevector( \
      a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define QUARTERS_LOW(a, b) \
  __builtin_shufflevector( \
      a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define QUARTERS_HIGH(a, b) \
  __builtin_shufflevector( \
      a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define HALVES_LOW(a, b) \
  __builtin_shufflevector( \
      a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define HALVES_HIGH(a, b) \
  __builtin_shufflevector( \
      a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)

/// Transposes a square of numbers: within quarters of vectors, then quarters of rows, then halves.
CVAE_INLINE void transpose_16(numbers t[LANES]) {
  numbers s[LANES];
  for (int i = 0; i < LANES; i += 4) {
    numbers a = PAIRS_LOW(t[i], t[i + 1]), b = PAIRS_HIGH(t[i], t[i + 1]);
    numbers c = PAIRS_LOW(t[i + 2], t[i + 3]), d = PAIRS_HIGH(t[i + 2], t[i + 3]);
    s[i] = DOUBLES_LOW(a, c);
    s[i + 1] = DOUBLES_HIGH(a, c);
    s[i + 2] = DOUBLES_LOW(b, d);
    s[i + 3] = DOUBLES_HIGH(b, d);
  }
  for (int i = 0; i < 4; i++) {
    numbers a = QUARTERS_LOW(s[i], s[i + 4]), b = QUARTERS_HIGH(s[i], s[i + 4]);
    numbers c = QUARTERS_LOW(s[i + 8], s[i + 12]), d = QUARTERS_HIGH(s[i + 8], s[i + 12]);
    t[i] = HALVES_LOW(a, c);
    t[i + 4] = HALVES_LOW(b, d);
    t[i + 8] = HALVES_HIGH(a, c);
    t[i + 12] = HALVES_HIGH(b, d);
  }
}

/// Room for 16 rows of up to 16 columns without gaps, and for a vector that begins at the last.
typedef struct {
  float numbers[LANES * LANES + LANES];
} short_rows;

/// A vector for each column of `count` rows, 16 or fewer, which lie without gaps; up to `end` may be read.
CVAE_INLINE void load_columns(
    const float *x, const float *end, size_t count, size_t columns, numbers t[LANES]) {
  short_rows room;
  if ((size_t)(end - x) < LANES * columns + LANES) {
    for (size_t i = count * columns; i < LANES * columns + LANES; i++) room.numbers[i] = 0;
    __builtin_memcpy(room.numbers, x, count * columns * sizeof(float));
    x = room.numbers;
  }
  for (size_t i = 0; i < LANES; i++) t[i] = load_16(x + i * columns);
  transpose_16(t);
}

/// The inverse of the above.
CVAE_INLINE void store_columns(
    cvae_tensor to, size_t start, size_t count, size_t columns, numbers t[LANES]) {
  short_rows room;
  transpose_16(t);
  // Each row's surplus is overwritten by the next one.
  if (to.type == CVAE_FLOAT32) {
    for (size_t i = 0; i < LANES; i++) store_16(room.numbers + i * columns, t[i]);
    __builtin_memcpy((float *)to.data + start, room.numbers, count * columns * 4);
  } else {
    uint16_t *halves = (uint16_t *)room.numbers;
    for (size_t i = 0; i < LANES; i++) store_16(halves + i * columns, t[i]);
    __builtin_memcpy((uint16_t *)to.data + start, room.numbers, count * columns * 2);
  }
}

#endif
