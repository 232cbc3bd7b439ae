#include "mathematics.h"

// A group is one picture's channels that lie together: all of them row-major, a block of them in a
// blocked layout. In both, group g has `pixels` runs of `channels` numbers one after the other, and
// its scales begin at g * channels of a matrix [batch, channels]. So one loop serves both.

typedef struct {
  cvae_tensor x, y, result;
  const float *scale, *shift;
  float *sums;
  size_t pixels, channels;
} arguments;

/// The vectors that are treated as one line where the channels don't fill one.
#define VECTORS 8
/// Room for a line of the longest vectors.
#define LINE (16 * VECTORS)

/// Lines of a group from channel `first` on: each holds `channels` numbers of one pixel or of several, and
/// the next begins `step` numbers behind it. What belongs to channels repeats after `period` numbers: of few
/// channels after as many pixels as make whole vectors.
typedef struct {
  size_t channels, period, length, step;
} line;

CVAE_INLINE line line_of(const arguments *a, size_t first, const size_t lanes) {
  size_t rest = a->channels - first, most = lanes * VECTORS;
  if (a->channels > most) {
    size_t width = rest < most ? rest : most;
    return (line){width, width, width, a->channels};
  }
  size_t period = a->channels * (a->channels <= VECTORS ? lanes : 1);
  return (line){a->channels, period, most / period * period, most / period * period};
}

CVAE_INLINE float load_one(cvae_tensor x, size_t i) {
  return x.type == CVAE_FLOAT32 ? ((const float *)x.data)[i]
                                : from_bfloat16(((const uint16_t *)x.data)[i]);
}

CVAE_INLINE void store_one(cvae_tensor x, size_t i, float value) {
  if (x.type == CVAE_FLOAT32)
    ((float *)x.data)[i] = value;
  else
    ((uint16_t *)x.data)[i] = to_bfloat16(value);
}

#define LOOPS "pictures.h"
#include "each_width.h"

/// Calls a loop for the vectors that the channels fill, and for the types of two tensors, as constants.
#define FOR_EACH_TYPE(name, a, first, second) \
  do { \
    if ((a)->channels == 8) \
      TYPED(name##_8, a, first, second); \
    else \
      TYPED(name##_16, a, first, second); \
  } while (0)

#define TYPED(loop, a, first, second) \
  do { \
    if ((first) == CVAE_FLOAT32 && (second) == CVAE_FLOAT32) \
      loop(a, begin, end, CVAE_FLOAT32, CVAE_FLOAT32); \
    else if ((first) == CVAE_FLOAT32) \
      loop(a, begin, end, CVAE_FLOAT32, CVAE_BFLOAT16); \
    else if ((second) == CVAE_FLOAT32) \
      loop(a, begin, end, CVAE_BFLOAT16, CVAE_FLOAT32); \
    else \
      loop(a, begin, end, CVAE_BFLOAT16, CVAE_BFLOAT16); \
  } while (0)

CVAE_CLONES(modulate_body) {
  const arguments *a = data;
  FOR_EACH_TYPE(modulate, a, a->x.type, a->result.type);
}

void cvae_modulate(
    cvae_tensor x, const float *scale, const float *shift, cvae_tensor result, size_t groups,
    size_t pixels, size_t channels, int threads) {
  arguments a = {
      .x = x, .result = result, .scale = scale, .shift = shift, .pixels = pixels,
      .channels = channels};
  cvae_run(modulate_body, &a, groups, 1, pixels * channels, threads);
}

CVAE_CLONES(sum_body) {
  const arguments *a = data;
  FOR_EACH_TYPE(sum, a, a->x.type, a->y.data ? a->y.type : a->x.type);
}

void cvae_sum_pixels(
    cvae_tensor x, cvae_tensor y, float *result, size_t groups, size_t pixels, size_t channels,
    int threads) {
  arguments a = {.x = x, .y = y, .sums = result, .pixels = pixels, .channels = channels};
  cvae_run(sum_body, &a, groups, 1, pixels * channels, threads);
}
