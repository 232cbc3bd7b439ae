#include "blocks.h"

// Convolutions of 3 x 3 kernels, stride 1, padding 1, on pictures in blocks of channels.
//
// Winograd's F(4 x 4, 3 x 3): a tile of 4 x 4 pixels of the result is Aᵀ [(G w Gᵀ) ⊙ (Bᵀ d B)] A, which
// takes 36 products for each pair of channels where the sum itself takes 144. Tiles are treated a few
// at a time, so that what is transformed stays in the second-level cache between the steps (442 KB for 64
// channels on both sides); for each of the 36 places the products are a small matrix product. The
// gradient by the weights is the same algorithm's derivative: Gᵀ [Σ (Bᵀ d B) ⊙ (A y Aᵀ)] G.
//
// The matrices evaluate polynomials at 0, ±√2, ±√½ and infinity. With the usual 0, ±1, ±2 rounding errors
// are twice as large; so they are twice those of the plain sum over 64 channels, not four times.
//
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016 (with other points).
// oneDNN 2.6 has this algorithm for AVX-512 alone.

#define ROOT 1.41421356f
#define HALF_ROOT 0.70710678f

/// Tiles that are treated together; a multiple of the rows of a product.
#define TILES 24

// Pictures are float32, or bfloat16 in blocks of 16; whatever is between is float32, and each pixel is rounded
// once.

typedef struct {
  const void *x, *upstream, *addend;
  void *result;
  /// How x and upstream, and how addend and result, are stored.
  cvae_type from, to;
  const float *weights, *bias;
  float *kernels, *gradients, *scratch;
  size_t height, width, inputs, outputs, block, tiles, parts, part_scratch;
  cvae_activation activation;
} winograd;

/// Where a tile lies, and how much of it lies in the picture.
typedef struct {
  size_t picture, top, left, rows, columns;
} tile_place;

CVAE_INLINE tile_place place_of(const winograd *a, size_t tile) {
  size_t across = (a->width + 3) / 4, down = (a->height + 3) / 4;
  size_t top = tile / across % down * 4, left = tile % across * 4;
  return (tile_place){
      tile / (across * down), top, left, smaller(4, a->height - top), smaller(4, a->width - left)};
}

/// Tiles that are treated together, and those of the group after it.
typedef struct {
  size_t count, known;
  tile_place places[2 * TILES];
} group;

/// The group that begins with tile `first`, of a part that ends before tile `end`.
CVAE_INLINE void find_group(const winograd *a, size_t first, size_t end, group *result) {
  result->count = smaller(TILES, end - first);
  result->known = smaller(2 * TILES, end - first);
  result->places[0] = place_of(a, first);
  for (size_t t = 1; t < result->known; t++) {
    tile_place next = result->places[t - 1];
    next.left += 4;
    if (next.left >= a->width) {
      next.left = 0;
      next.top += 4;
    }
    if (next.top >= a->height) {
      next.top = 0;
      next.picture++;
    }
    next.rows = smaller(4, a->height - next.top);
    next.columns = smaller(4, a->width - next.left);
    result->places[t] = next;
  }
}

CVAE_INLINE size_t group_count(size_t tiles) { return (tiles + TILES - 1) / TILES; }

/// The tiles of a part: whole groups, but for the last.
CVAE_INLINE range tiles_of(const winograd *a, size_t part) {
  range groups = part_of(group_count(a->tiles), part, a->parts);
  return (range){groups.begin * TILES, smaller(groups.end * TILES, a->tiles)};
}

/// Numbers from one of the 36 places to the next. Powers of two would all meet in a few sets of the
/// cache.
CVAE_INLINE size_t place_step(size_t channels) { return TILES * channels + 16; }

#define LOOPS "winograd.h"
#include "each_width.h"

FOR_EACH_WIDTH(winograd, transform_kernels)
FOR_EACH_WIDTH(winograd, transform_turned_kernels)
FOR_EACH_WIDTH(winograd, finish_kernel_gradients)

CVAE_CLONES(convolve_body) {
  const winograd *a = data;
  if (a->block == 8)
    convolve_8(a, begin, end, CVAE_FLOAT32, CVAE_FLOAT32);
  else if (a->from == CVAE_FLOAT32)
    convolve_16(a, begin, end, CVAE_FLOAT32, CVAE_FLOAT32);
  else if (a->to == CVAE_FLOAT32)
    convolve_16(a, begin, end, CVAE_BFLOAT16, CVAE_FLOAT32);
  else
    convolve_16(a, begin, end, CVAE_BFLOAT16, CVAE_BFLOAT16);
}

CVAE_CLONES(sum_kernel_gradients_body) {
  const winograd *a = data;
  if (a->block == 8)
    sum_kernel_gradients_8(a, begin, end, CVAE_FLOAT32);
  else if (a->from == CVAE_FLOAT32)
    sum_kernel_gradients_16(a, begin, end, CVAE_FLOAT32);
  else
    sum_kernel_gradients_16(a, begin, end, CVAE_BFLOAT16);
}

/// Each thread has a part, unless there are fewer groups.
static winograd describe(cvae_pictures pictures, size_t outputs, int threads) {
  size_t inputs = pictures.channels;
  size_t tiles = pictures.batch * ((pictures.height + 3) / 4) * ((pictures.width + 3) / 4);
  return (winograd){
      .height = pictures.height, .width = pictures.width, .inputs = inputs, .outputs = outputs,
      .block = pictures.block, .tiles = tiles,
      .parts = smaller((size_t)threads, group_count(tiles)),
      .part_scratch = 36 * (place_step(inputs) + place_step(outputs))};
}

static void place_memory(winograd *a, float *scratch) {
  a->kernels = scratch;
  a->scratch = scratch + 36 * a->inputs * a->outputs;
}

/// Room for the sums of a part's gradients behind what every pass needs: of kernels, then of biases.
static size_t sum_scratch(const winograd *a) { return (36 * a->inputs + 1) * a->outputs; }

size_t cvae_winograd_scratch(cvae_pictures pictures, size_t outputs, int threads) {
  winograd a = describe(pictures, outputs, threads);
  return 36 * a.inputs * outputs + a.parts * (a.part_scratch + sum_scratch(&a));
}

static void run_parts(cvae_body body, const winograd *a, int threads) {
  size_t products = 36 * a->tiles * a->inputs * a->outputs;
  cvae_run(body, a, a->parts, 1, products / a->parts, threads);
}

static void run_channels(cvae_body body, const winograd *a, size_t channels, int threads) {
  cvae_run(body, a, channels, 1, 36 * a->inputs * a->outputs / channels, threads);
}

void cvae_winograd(
    cvae_pictures pictures, cvae_tensor x, const float *weights, const float *bias,
    cvae_tensor addend, cvae_activation activation, cvae_tensor result, size_t outputs,
    float *scratch, int threads) {
  winograd a = describe(pictures, outputs, threads);
  place_memory(&a, scratch);
  a.x = x.data;
  a.from = x.type;
  a.weights = weights;
  a.bias = bias;
  a.addend = addend.data;
  a.activation = activation;
  a.result = result.data;
  a.to = result.type;
  run_channels(transform_kernels_body, &a, a.inputs, threads);
  run_parts(convolve_body, &a, threads);
}

void cvae_winograd_by_pictures(
    cvae_pictures upstream_pictures, cvae_tensor upstream, const float *weights,
    cvae_tensor result, size_t inputs, float *scratch, int threads) {
  winograd a = describe(upstream_pictures, inputs, threads);
  place_memory(&a, scratch);
  a.x = upstream.data;
  a.from = upstream.type;
  a.weights = weights;
  a.result = result.data;
  a.to = result.type;
  run_channels(transform_turned_kernels_body, &a, a.outputs, threads);
  run_parts(convolve_body, &a, threads);
}

void cvae_winograd_by_weights(
    cvae_pictures pictures, cvae_tensor x, cvae_tensor upstream, float *result, float *bias,
    size_t outputs, float *scratch, int threads) {
  winograd a = describe(pictures, outputs, threads);
  place_memory(&a, scratch);
  a.x = x.data;
  a.from = x.type;
  a.upstream = upstream.data;
  a.gradients = result;
  a.part_scratch += sum_scratch(&a);
  run_parts(sum_kernel_gradients_body, &a, threads);
  run_channels(finish_kernel_gradients_body, &a, a.inputs, threads);
  if (!bias) return;
  const float *sums = a.scratch + a.part_scratch - outputs;
  for (size_t k = 0; k < outputs; k++) {
    bias[k] = sums[k];
    for (size_t part = 1; part < a.parts; part++) bias[k] += sums[part * a.part_scratch + k];
  }
}
