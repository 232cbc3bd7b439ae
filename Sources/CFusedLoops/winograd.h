// The products and passes of winograd.c, for vectors of LANES numbers. Included once for each width.

#include "winograd_tiles.h"

/// Output channels whose products are made together.
#define PANEL (2 * LANES)

// MARK: Products

// Enough sums at a time that none waits for the one before: as many rows as give a dozen, or eight.
#define ROWS(vectors) ((vectors) > 1 ? 6 : 12)
#if LANES == 16
#define COLUMNS(vectors) 8
#else
#define COLUMNS(vectors) ((vectors) > 1 ? 4 : 8)
#endif

/// Some rows of `left` times `depth` rows of `right`, which are `vectors` wide.
CVAE_INLINE void NAMED(multiply)(
    const float *left, size_t depth, const float *right, float *result, size_t step,
    const size_t vectors) {
  vector total[12][2];
#pragma clang loop unroll(full)
  for (size_t row = 0; row < ROWS(vectors); row++) total[row][0] = total[row][1] = 0.0f;
  for (size_t i = 0; i < depth; i++, right += vectors * LANES) {
    vector first = LOAD(right), second = LOAD(right + (vectors - 1) * LANES);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < ROWS(vectors); row++) {
      vector x = left[row * depth + i];
      total[row][0] += x * first;
      if (vectors > 1) total[row][1] += x * second;
    }
  }
#pragma clang loop unroll(full)
  for (size_t row = 0; row < ROWS(vectors); row++) {
    STORE(result + row * step, total[row][0]);
    if (vectors > 1) STORE(result + row * step + LANES, total[row][1]);
  }
}

/// Adds some columns of `left`, transposed, times columns of `right`; lines of `right` and of the result are
/// `outputs` apart.
CVAE_INLINE void NAMED(multiply_transposed)(
    const float *left, size_t inputs, const float *right, size_t outputs, size_t count,
    float *result, const size_t vectors) {
  vector total[8][2];
#pragma clang loop unroll(full)
  for (size_t row = 0; row < COLUMNS(vectors); row++) {
    total[row][0] = LOAD(result + row * outputs);
    total[row][1] = LOAD(result + row * outputs + (vectors - 1) * LANES);
  }
  for (size_t i = 0; i < count; i++, left += inputs, right += outputs) {
    vector first = LOAD(right), second = LOAD(right + (vectors - 1) * LANES);
#pragma clang loop unroll(full)
    for (size_t row = 0; row < COLUMNS(vectors); row++) {
      vector x = left[row];
      total[row][0] += x * first;
      if (vectors > 1) total[row][1] += x * second;
    }
  }
#pragma clang loop unroll(full)
  for (size_t row = 0; row < COLUMNS(vectors); row++) {
    STORE(result + row * outputs, total[row][0]);
    if (vectors > 1) STORE(result + row * outputs + LANES, total[row][1]);
  }
}

// MARK: Parts of the work

/// Kernels of the input channels `begin` to `end`, in panels of two vectors of output channels.
CVAE_INLINE void NAMED(transform_kernels)(const winograd *a, size_t begin, size_t end) {
  size_t inputs = a->inputs, outputs = a->outputs;
  for (size_t c = begin; c < end; c++) {
    for (size_t k = 0; k < outputs; k += LANES) {
      vector w[9], half[18], u[36];
      for (size_t i = 0; i < 9; i++) w[i] = LOAD(a->weights + (i * inputs + c) * outputs + k);
      for (size_t j = 0; j < 3; j++) {
        vector column[3] = {w[j], w[3 + j], w[6 + j]};
        NAMED(kernel_line)(column, half + j, 3);
      }
      for (size_t i = 0; i < 6; i++) NAMED(kernel_line)(half + 3 * i, u + 6 * i, 1);
      size_t start = k / PANEL * PANEL, width = smaller(PANEL, outputs - start);
      float *panel = a->kernels + start * inputs + c * width + k - start;
      for (size_t i = 0; i < 36; i++) STORE(panel + i * inputs * outputs, u[i]);
    }
  }
}

/// The same for the gradient by the pictures: turned by half a circle, inputs and outputs exchanged.
CVAE_INLINE void NAMED(transform_turned_kernels)(const winograd *a, size_t begin, size_t end) {
  // What the weights call outputs come in here.
  size_t inputs = a->inputs, outputs = a->outputs;
  for (size_t k = begin; k < end; k++) {
    size_t start = k / PANEL * PANEL, width = smaller(PANEL, outputs - start);
    float *panel = a->kernels + start * inputs + k - start;
    for (size_t c = 0; c < inputs; c += LANES) {
      vector w[9], half[18], u[6];
      for (size_t i = 0; i < 9; i++)
        w[8 - i] = LOAD(a->weights + (i * outputs + k) * inputs + c);
      for (size_t j = 0; j < 3; j++) {
        vector column[3] = {w[j], w[3 + j], w[6 + j]};
        NAMED(kernel_line)(column, half + j, 3);
      }
      for (size_t i = 0; i < 6; i++) {
        NAMED(kernel_line)(half + 3 * i, u, 1);
        for (size_t j = 0; j < 6; j++)
          for (size_t lane = 0; lane < LANES; lane++)
            panel[(6 * i + j) * inputs * outputs + (c + lane) * width] = u[j][lane];
      }
    }
  }
}

CVAE_INLINE void NAMED(convolve_part)(
    const winograd *a, size_t part, const cvae_type from, const cvae_type to) {
  size_t inputs = a->inputs, outputs = a->outputs, pixels = a->height * a->width;
  size_t step = place_step(inputs), product_step = place_step(outputs);
  float *transformed = a->scratch + part * a->part_scratch;
  float *products = transformed + 36 * step;
  range tiles = tiles_of(a, part);
  for (size_t first = tiles.begin; first < tiles.end; first += TILES) {
    group here;
    find_group(a, first, tiles.end, &here);
    NAMED(transform_group)(a, &here, transformed, from);
    for (size_t i = 0; i < 36; i++) {
      if (i < here.count) NAMED(expect_tile)(a, a->result, outputs, &here.places[i], true, to);
      if (here.count + i < here.known)
        NAMED(expect_tile)(a, a->x, inputs, &here.places[here.count + i], false, from);
      const float *kernels = a->kernels + i * inputs * outputs;
      for (size_t k = 0; k < outputs; k += PANEL) {
        const float *left = transformed + i * step, *right = kernels + k * inputs;
        float *result = products + i * product_step + k;
        if (k + LANES < outputs)
          for (size_t t = 0; t < here.count; t += ROWS(2))
            NAMED(multiply)(left + t * inputs, inputs, right, result + t * outputs, outputs, 2);
        else
          for (size_t t = 0; t < here.count; t += ROWS(1))
            NAMED(multiply)(left + t * inputs, inputs, right, result + t * outputs, outputs, 1);
      }
    }
    for (size_t t = 0; t < here.count; t++) {
      const tile_place *tile = &here.places[t];
      for (size_t k = 0; k < outputs; k += LANES)
        NAMED(finish_tile)(
            a, products + t * outputs + k, product_step, tile, a->bias ? a->bias + k : NULL,
            (tile->picture * outputs + k) * pixels, to);
    }
  }
}

/// Convolves the tiles of the parts `begin` to `end`.
CVAE_INLINE void NAMED(convolve)(
    const winograd *a, size_t begin, size_t end, const cvae_type from, const cvae_type to) {
  for (size_t part = begin; part < end; part++) NAMED(convolve_part)(a, part, from, to);
}

CVAE_INLINE void NAMED(sum_part)(const winograd *a, size_t part, const cvae_type type) {
  size_t inputs = a->inputs, outputs = a->outputs, pixels = a->height * a->width;
  size_t step = place_step(inputs), upstream_step = place_step(outputs);
  float *transformed = a->scratch + part * a->part_scratch;
  float *upstream = transformed + 36 * step;
  float *sums = upstream + 36 * upstream_step, *bias = sums + 36 * inputs * outputs;
  __builtin_memset(sums, 0, (36 * inputs + 1) * outputs * sizeof(float));
  range tiles = tiles_of(a, part);
  for (size_t first = tiles.begin; first < tiles.end; first += TILES) {
    group here;
    find_group(a, first, tiles.end, &here);
    NAMED(transform_group)(a, &here, transformed, type);
    for (size_t t = 0; t < here.count; t++) {
      const tile_place *tile = &here.places[t];
      for (size_t k = 0; k < outputs; k += LANES)
        NAMED(transform_upstream)(
            a, (tile->picture * outputs + k) * pixels, tile, upstream + t * outputs + k,
            upstream_step, bias + k, type);
    }
    for (size_t i = 0; i < 36; i++) {
      if (here.count + i < here.known) {
        const tile_place *next = &here.places[here.count + i];
        NAMED(expect_tile)(a, a->x, inputs, next, false, type);
        NAMED(expect_tile)(a, a->upstream, outputs, next, false, type);
      }
      for (size_t k = 0; k < outputs; k += PANEL) {
        const float *left = transformed + i * step, *right = upstream + i * upstream_step + k;
        float *result = sums + i * inputs * outputs + k;
        const bool is_wide = k + LANES < outputs;
        for (size_t c = 0; c < inputs; c += is_wide ? COLUMNS(2) : COLUMNS(1))
          if (is_wide)
            NAMED(multiply_transposed)(
                left + c, inputs, right, outputs, here.count, result + c * outputs, 2);
          else
            NAMED(multiply_transposed)(
                left + c, inputs, right, outputs, here.count, result + c * outputs, 1);
      }
    }
  }
}

/// Sums the gradients of kernels and biases over the tiles of the parts `begin` to `end`, for each part.
CVAE_INLINE void NAMED(sum_kernel_gradients)(
    const winograd *a, size_t begin, size_t end, const cvae_type type) {
  for (size_t part = begin; part < end; part++) NAMED(sum_part)(a, part, type);
}

/// The weights' gradients of the input channels `begin` to `end`, out of all parts' sums.
CVAE_INLINE void NAMED(finish_kernel_gradients)(const winograd *a, size_t begin, size_t end) {
  size_t inputs = a->inputs, outputs = a->outputs;
  const float *sums = a->scratch + 36 * (place_step(inputs) + place_step(outputs));
  for (size_t c = begin; c < end; c++) {
    for (size_t k = 0; k < outputs; k += LANES) {
      vector half[18];
      for (size_t j = 0; j < 6; j++) {
        vector u[6];
        for (size_t i = 0; i < 6; i++) {
          size_t place = ((6 * i + j) * inputs + c) * outputs + k;
          u[i] = LOAD(sums + place);
          for (size_t part = 1; part < a->parts; part++)
            u[i] += LOAD(sums + part * a->part_scratch + place);
        }
        NAMED(kernel_gradient_line)(u, half + j, 6);
      }
      for (size_t i = 0; i < 3; i++) {
        vector w[3];
        NAMED(kernel_gradient_line)(half + 6 * i, w, 1);
        for (size_t j = 0; j < 3; j++)
          STORE(a->gradients + ((3 * i + j) * inputs + c) * outputs + k, w[j]);
      }
    }
  }
}

#undef PANEL
#undef ROWS
#undef COLUMNS
