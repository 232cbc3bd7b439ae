// How winograd.c transforms lines and tiles of pixels, for vectors of LANES numbers, which are also the blocks
// of channels. Included once for each width; NAMED makes the names differ.

#include "vectors.h"

// MARK: Lines

/// Bᵀ d: six pixels, as products want them.
CVAE_INLINE void NAMED(input_line)(const vector *d, vector *v, size_t step) {
  vector even = d[4] - 0.5f * d[2], odd = ROOT * d[3] - HALF_ROOT * d[1];
  vector far_even = d[4] - 2.0f * d[2], far_odd = HALF_ROOT * d[3] - ROOT * d[1];
  v[0] = d[0] - 2.5f * d[2] + d[4];
  v[step] = even + odd;
  v[2 * step] = even - odd;
  v[3 * step] = far_even + far_odd;
  v[4 * step] = far_even - far_odd;
  v[5 * step] = d[1] - 2.5f * d[3] + d[5];
}

/// Aᵀ m: four pixels out of six products.
CVAE_INLINE void NAMED(result_line)(const vector *m, vector *y, size_t step) {
  vector sum = m[1] + m[2], difference = m[1] - m[2];
  vector far_sum = m[3] + m[4], far_difference = m[3] - m[4];
  y[0] = m[0] + sum + far_sum;
  y[step] = ROOT * difference + HALF_ROOT * far_difference;
  y[2 * step] = 2.0f * sum + 0.5f * far_sum;
  y[3 * step] = 2.0f * ROOT * difference + 0.5f * HALF_ROOT * far_difference + m[5];
}

/// A y: what four pixels' gradients are to the six products.
CVAE_INLINE void NAMED(upstream_line)(const vector *y, vector *m, size_t step) {
  vector even = y[0] + 2.0f * y[2], odd = ROOT * y[1] + 2.0f * ROOT * y[3];
  vector far_even = y[0] + 0.5f * y[2], far_odd = HALF_ROOT * y[1] + 0.5f * HALF_ROOT * y[3];
  m[0] = y[0];
  m[step] = even + odd;
  m[2 * step] = even - odd;
  m[3 * step] = far_even + far_odd;
  m[4 * step] = far_even - far_odd;
  m[5 * step] = y[3];
}

/// G w: three weights, as products want them.
CVAE_INLINE void NAMED(kernel_line)(const vector *w, vector *u, size_t step) {
  vector outer = w[0] * (1.0f / 6) + w[2] * (1.0f / 3), inner = w[1] * (ROOT / 6);
  vector far_outer = w[0] * (-2.0f / 3) - w[2] * (1.0f / 3), far_inner = w[1] * (ROOT / -3);
  u[0] = w[0];
  u[step] = outer + inner;
  u[2 * step] = outer - inner;
  u[3 * step] = far_outer + far_inner;
  u[4 * step] = far_outer - far_inner;
  u[5 * step] = w[2];
}

/// Gᵀ u: three weights' gradients out of six.
CVAE_INLINE void NAMED(kernel_gradient_line)(const vector *u, vector *w, size_t step) {
  vector sum = u[1] + u[2], far_sum = u[3] + u[4];
  w[0] = u[0] + sum * (1.0f / 6) - far_sum * (2.0f / 3);
  w[step] = (u[1] - u[2]) * (ROOT / 6) - (u[3] - u[4]) * (ROOT / 3);
  w[2 * step] = (sum - far_sum) * (1.0f / 3) + u[5];
}

// MARK: Tiles

/// A tile's six pixels square from (top, left) on, which may lie outside, into `result[36]`. The channels'
/// picture begins at element `picture`.
CVAE_INLINE void NAMED(transform_input)(
    const winograd *a, size_t picture, const tile_place *tile, float *result, size_t step,
    const cvae_type type) {
  vector half[36];
  // Rows outside of the picture read zeros, again and again.
  const void *line[6];
  size_t pixel[6];
  for (size_t i = 0; i < 6; i++) {
    size_t y = tile->top + i - 1;
    bool known = y < a->height;  // the row above the first wraps around
    line[i] = known ? element(a->x, picture + y * a->width * LANES, type) : no_channels;
    pixel[i] = known ? LANES : 0;
  }
  for (size_t j = 0; j < 6; j++) {
    size_t x = tile->left + j - 1;
    if (x < a->width) {
      vector d[6];
      for (size_t i = 0; i < 6; i++) d[i] = NAMED(load_as)(line[i], x * pixel[i], type);
      NAMED(input_line)(d, half + j, 6);
    } else {
      for (size_t i = 0; i < 6; i++) half[6 * i + j] = 0.0f;
    }
  }
  for (size_t i = 0; i < 6; i++) {
    vector v[6];
    NAMED(input_line)(half + 6 * i, v, 1);
    for (size_t j = 0; j < 6; j++) STORE(result + (6 * i + j) * step, v[j]);
  }
}

/// A tile's four pixels square of gradients into `result[36]`; their sum is added to `bias`.
CVAE_INLINE void NAMED(transform_upstream)(
    const winograd *a, size_t picture, const tile_place *tile, float *result, size_t step,
    float *bias, const cvae_type type) {
  vector half[24], total = LOAD(bias);
  for (size_t j = 0; j < 4; j++) {
    vector y[4];
    size_t column = picture + (tile->top * a->width + tile->left + j) * LANES;
    for (size_t i = 0; i < 4; i++) {
      bool known = i < tile->rows && j < tile->columns;
      const void *from =
          known ? element(a->upstream, column + i * a->width * LANES, type) : no_channels;
      y[i] = NAMED(load_as)(from, 0, type);
      total += y[i];
    }
    NAMED(upstream_line)(y, half + j, 4);
  }
  for (size_t i = 0; i < 6; i++) {
    vector m[6];
    NAMED(upstream_line)(half + 4 * i, m, 1);
    for (size_t j = 0; j < 6; j++) STORE(result + (6 * i + j) * step, m[j]);
  }
  STORE(bias, total);
}

/// Where a tile's finished pixels go: from element `start` on, lines `step` elements apart.
typedef struct {
  void *data;
  size_t start, step;
} NAMED(target);

/// A tile's pixels, of which `rows` and `columns` lie in the picture, out of `products[36]`, with bias,
/// addend and rectification. `block` is how far the channels' pictures lie from the first's.
CVAE_INLINE void NAMED(transform_products)(
    const winograd *a, const float *products, size_t step, const tile_place *tile, const float *bias,
    size_t block, size_t rows, size_t columns, NAMED(target) target, const cvae_type type,
    const cvae_type addend_type) {
  vector half[24];
  for (size_t j = 0; j < 6; j++) {
    vector m[6];
    for (size_t i = 0; i < 6; i++) m[i] = LOAD(products + (6 * i + j) * step);
    NAMED(result_line)(m, half + j, 6);
  }
  vector shift = bias ? LOAD(bias) : (vector)0.0f;
  bool rectifies = a->activation.exists && a->activation.function == CVAE_RELU;
  size_t line = block + (tile->top * a->width + tile->left) * LANES;
  for (size_t i = 0; i < rows; i++, line += a->width * LANES) {
    vector y[4];
    NAMED(result_line)(half + 6 * i, y, 1);
    for (size_t j = 0; j < columns; j++) {
      vector v = y[j] + shift;
      if (a->addend) v += NAMED(load_as)(a->addend, line + j * LANES, addend_type);
      if (rectifies) v = v < 0.0f ? (vector)0.0f : v;
      NAMED(store_as)(target.data, target.start + i * target.step + j * LANES, type, v);
    }
  }
}

/// A tile's four pixels square, finished. Most tiles lie in the picture as a whole, and are faster.
CVAE_INLINE void NAMED(finish_tile)(
    const winograd *a, const float *products, size_t step, const tile_place *tile, const float *bias,
    size_t block, const cvae_type type) {
  NAMED(target) place = {
      a->result, block + (tile->top * a->width + tile->left) * LANES, a->width * LANES};
  if (a->activation.exists && a->activation.function != CVAE_RELU) {
    // The function sees float32, before anything is rounded.
    float square[16 * LANES] = {0};
    NAMED(transform_products)(
        a, products, step, tile, bias, block, tile->rows, tile->columns,
        (NAMED(target)){square, 0, 4 * LANES}, CVAE_FLOAT32, type);
    unary_line(a->activation.function, a->activation.slope, square, square, 16 * LANES);
    for (size_t i = 0; i < tile->rows; i++)
      for (size_t j = 0; j < tile->columns; j++)
        NAMED(store_as)(
            place.data, place.start + i * place.step + j * LANES, type,
            LOAD(square + (4 * i + j) * LANES));
  } else if (tile->rows == 4 && tile->columns == 4) {
    NAMED(transform_products)(a, products, step, tile, bias, block, 4, 4, place, type, type);
  } else {
    NAMED(transform_products)(
        a, products, step, tile, bias, block, tile->rows, tile->columns, place, type, type);
  }
}

/// The pixels of a group's tiles in all channels, tile after tile.
CVAE_INLINE void NAMED(transform_group)(
    const winograd *a, const group *tiles, float *result, const cvae_type type) {
  size_t inputs = a->inputs, pixels = a->height * a->width;
  for (size_t t = 0; t < tiles->count; t++) {
    const tile_place *tile = &tiles->places[t];
    for (size_t c = 0; c < inputs; c += LANES)
      NAMED(transform_input)(
          a, (tile->picture * inputs + c) * pixels, tile, result + t * inputs + c,
          place_step(inputs), type);
  }
}

/// Asks for a tile's pixels in all channels, while products keep the processor busy.
CVAE_INLINE void NAMED(expect_tile)(
    const winograd *a, const void *pictures, size_t channels, const tile_place *tile, bool writes,
    const cvae_type type) {
  size_t pixels = a->height * a->width, line = 64 / size_of(type);
  size_t start = tile->picture * channels * pixels + (tile->top * a->width + tile->left) * LANES;
  for (size_t c = 0; c < channels; c += LANES)
    for (size_t i = 0; i < tile->rows; i++)
      for (size_t j = 0; j < 4 * LANES; j += line) {
        const void *from =
            element(pictures, start + c * pixels + i * a->width * LANES + j, type);
        if (writes)
          __builtin_prefetch(from, 1);
        else
          __builtin_prefetch(from, 0);
      }
}
