#include "blocks.h"

// Convolutions of 3 x 3 kernels, stride 1, padding 1, between pictures of few channels (grey, colour), which
// lie row-major, and pictures of many, in blocks. With a kernel w [3, 3, few, many]:
//
//   spread      many(y, x)[c] = Σ few(y + p - 1, x + q - 1)[s] · w[p, q, s, c]
//   gather      few(y, x)[s]  = Σ many(y + p - 1, x + q - 1)[c] · w[p, q, s, c]
//   correlate   w[p, q, s, c] = Σ few(y + p - 1, x + q - 1)[s] · many(y, x)[c]
//
// A layer and its gradients are one of these each, with the kernel as it is or turned by half a circle: by
// the pictures always turned, by the weights where the layer leads from many to few, since it is then the
// few that the kernel moves over. oneDNN fills up the few channels to a whole block, and computes that.

// Pictures are float32 or bfloat16, those of many channels bfloat16 in blocks of 16 alone; sums are float32.

typedef struct {
  cvae_tensor thin;
  const void *wide;
  void *wide_result;
  /// How the pictures of many channels are stored.
  cvae_type type;
  const float *kernel, *bias;
  float *scratch;
  size_t batch, height, width, few, many, block, parts, part_scratch;
  cvae_activation activation;
  bool from_many;
} thin;

CVAE_INLINE float *part_memory(const thin *a, size_t part) {
  return a->scratch + part * a->part_scratch;
}

/// Room for a line of a picture, as float32.
CVAE_INLINE float *line_memory(const thin *a, size_t part) {
  size_t padded = (a->height + 2) * (a->width + 2) * a->few;
  return part_memory(a, part) + (9 * a->few + 1) * a->many + padded + 16;
}

/// Picture `n` of few channels with a border of zeros, as float32.
CVAE_INLINE void pad(const thin *a, size_t n, float *padded) {
  size_t line = a->width * a->few, few = a->few;
  __builtin_memset(padded, 0, (a->width + 2) * few * sizeof(float));
  for (size_t y = 0; y < a->height; y++) {
    padded += line + 2 * few;
    for (size_t s = 0; s < few; s++) padded[s] = padded[few + line + s] = 0.0f;
    size_t start = (n * a->height + y) * line;
    if (a->thin.type == CVAE_FLOAT32) {
      __builtin_memcpy(padded + few, (const float *)a->thin.data + start, line * sizeof(float));
    } else {
      const uint16_t *from = (const uint16_t *)a->thin.data + start;
      for (size_t i = 0; i < line; i++) padded[few + i] = from_bfloat16(from[i]);
    }
  }
  __builtin_memset(padded + line + 2 * few, 0, (a->width + 2) * few * sizeof(float));
}

/// A finished line of a picture of few channels, from element `start` on.
CVAE_INLINE void store_line(const thin *a, size_t start, const float *line) {
  size_t count = a->width * a->few;
  if (a->thin.type == CVAE_FLOAT32) {
    __builtin_memcpy((float *)a->thin.data + start, line, count * sizeof(float));
  } else {
    uint16_t *to = (uint16_t *)a->thin.data + start;
    for (size_t i = 0; i < count; i++) to[i] = to_bfloat16(line[i]);
  }
}

#define LOOPS "thin.h"
#include "each_width.h"

#define FOR_EACH_TYPE(name) \
  CVAE_CLONES(name##_body) { \
    const thin *a = data; \
    if (a->block == 8) \
      name##_8(a, begin, end, CVAE_FLOAT32); \
    else if (a->type == CVAE_FLOAT32) \
      name##_16(a, begin, end, CVAE_FLOAT32); \
    else \
      name##_16(a, begin, end, CVAE_BFLOAT16); \
  }

FOR_EACH_TYPE(spread)
FOR_EACH_TYPE(gather)
FOR_EACH_TYPE(correlate)

/// Each thread has a part, unless there are fewer pictures. A part has room for sums, of kernels and of
/// biases, for a padded picture, and for a line of a result.
static thin describe(cvae_pictures wide, size_t few, int threads) {
  return (thin){
      .batch = wide.batch, .height = wide.height, .width = wide.width, .few = few,
      .many = wide.channels, .block = wide.block,
      .parts = smaller((size_t)threads, wide.batch),
      .part_scratch =
          (9 * few + 1) * wide.channels + (wide.height + 2) * (wide.width + 2) * few + 16
          + wide.width * (few > wide.block ? few : wide.block)};
}

size_t cvae_thin_scratch(cvae_pictures wide, size_t few, int threads) {
  thin a = describe(wide, few, threads);
  return 9 * few * a.many + a.parts * a.part_scratch;
}

static void place_memory(thin *a, float *scratch) {
  a->kernel = scratch;
  a->scratch = scratch + 9 * a->few * a->many;
}

/// Where a layer's weight is, of a kernel [3, 3, few, many].
static size_t weight_place(
    const thin *a, cvae_thin_order order, size_t place, size_t s, size_t c) {
  size_t turned = order.turned ? 8 - place : place;
  return order.from_many ? (turned * a->many + c) * a->few + s
                         : (turned * a->few + s) * a->many + c;
}

static void take_kernel(
    const thin *a, cvae_thin_order order, const float *weights, float *kernel) {
  for (size_t place = 0; place < 9; place++)
    for (size_t s = 0; s < a->few; s++)
      for (size_t c = 0; c < a->many; c++)
        kernel[(place * a->few + s) * a->many + c] = weights[weight_place(a, order, place, s, c)];
}

static void run(cvae_body body, const thin *a, int threads) {
  size_t products = 9 * a->batch * a->height * a->width * a->few * a->many;
  cvae_run(body, a, a->parts, 1, products / a->parts, threads);
}

/// What spread and gather have in common.
static thin describe_layer(
    cvae_pictures wide, size_t few, const float *weights, cvae_thin_order order,
    const float *bias, cvae_activation activation, float *scratch, int threads) {
  thin a = describe(wide, few, threads);
  place_memory(&a, scratch);
  take_kernel(&a, order, weights, scratch);
  a.bias = bias;
  a.activation = activation;
  return a;
}

void cvae_thin_spread(
    cvae_pictures wide, size_t few, cvae_tensor x, const float *weights, cvae_thin_order order,
    const float *bias, cvae_activation activation, cvae_tensor result, float *scratch,
    int threads) {
  thin a = describe_layer(wide, few, weights, order, bias, activation, scratch, threads);
  a.thin = x;
  a.wide_result = result.data;
  a.type = result.type;
  run(spread_body, &a, threads);
}

void cvae_thin_gather(
    cvae_pictures wide, size_t few, cvae_tensor x, const float *weights, cvae_thin_order order,
    const float *bias, cvae_activation activation, cvae_tensor result, float *scratch,
    int threads) {
  thin a = describe_layer(wide, few, weights, order, bias, activation, scratch, threads);
  a.wide = x.data;
  a.type = x.type;
  a.thin = result;
  run(gather_body, &a, threads);
}

void cvae_thin_correlate(
    cvae_pictures wide, size_t few, cvae_tensor many_channels, cvae_tensor few_channels,
    bool from_many, float *weights, float *bias, float *scratch, int threads) {
  thin a = describe(wide, few, threads);
  place_memory(&a, scratch);
  a.wide = many_channels.data;
  a.type = many_channels.type;
  a.thin = few_channels;
  a.from_many = from_many;
  run(correlate_body, &a, threads);
  size_t count = 9 * few * a.many;
  for (size_t part = 1; part < a.parts; part++)
    for (size_t i = 0; i < count + a.many; i++) a.scratch[i] += part_memory(&a, part)[i];
  cvae_thin_order order = {.from_many = from_many, .turned = from_many};
  for (size_t place = 0; place < 9; place++)
    for (size_t s = 0; s < few; s++)
      for (size_t c = 0; c < a.many; c++)
        weights[weight_place(&a, order, place, s, c)] =
            a.scratch[(place * few + s) * a.many + c];
  if (!bias) return;
  for (size_t i = 0; i < (from_many ? few : a.many); i++) bias[i] = a.scratch[count + i];
}
