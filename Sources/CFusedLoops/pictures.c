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

/// Numbers of one pixel's channels that are treated together.
#define RUN 64

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

CVAE_INLINE void modulate_groups(
    const arguments *a, size_t begin, size_t end, size_t channels, bool wide) {
  for (size_t group = begin; group < end; group++) {
    const float *scale = a->scale + group * channels;
    const float *shift = a->shift ? a->shift + group * channels : NULL;
    size_t start = group * a->pixels * channels;
    for (size_t pixel = 0; pixel < a->pixels; pixel++, start += channels) {
      if (wide) {
        const float *x = (const float *)a->x.data + start;
        float *r = (float *)a->result.data + start;
        for (size_t c = 0; c < channels; c++)
          r[c] = x[c] + x[c] * scale[c] + (shift ? shift[c] : 0.0f);
      } else {
        for (size_t c = 0; c < channels; c++) {
          float v = load_one(a->x, start + c);
          store_one(a->result, start + c, v + v * scale[c] + (shift ? shift[c] : 0.0f));
        }
      }
    }
  }
}

// A fixed number of channels lets the compiler keep scales in registers.
CVAE_CLONES(modulate_body) {
  const arguments *a = data;
  bool wide = a->x.type == CVAE_FLOAT32 && a->result.type == CVAE_FLOAT32;
  if (!wide)
    modulate_groups(a, begin, end, a->channels, false);
  else if (a->channels == 8)
    modulate_groups(a, begin, end, 8, true);
  else if (a->channels == 16)
    modulate_groups(a, begin, end, 16, true);
  else
    modulate_groups(a, begin, end, a->channels, true);
}

void cvae_modulate(
    cvae_tensor x, const float *scale, const float *shift, cvae_tensor result, size_t groups,
    size_t pixels, size_t channels, int threads) {
  arguments a = {
      .x = x, .result = result, .scale = scale, .shift = shift, .pixels = pixels,
      .channels = channels};
  cvae_run(modulate_body, &a, groups, 1, pixels * channels, threads);
}

CVAE_INLINE void sum_groups(
    const arguments *a, size_t begin, size_t end, size_t channels, bool wide) {
  for (size_t group = begin; group < end; group++) {
    float *sums = a->sums + group * channels;
    for (size_t first = 0; first < channels; first += RUN) {
      size_t count = channels - first < RUN ? channels - first : RUN;
      float total[RUN] = {0};
      size_t start = group * a->pixels * channels + first;
      for (size_t pixel = 0; pixel < a->pixels; pixel++, start += channels) {
        if (wide) {
          const float *x = (const float *)a->x.data + start;
          if (a->y.data) {
            const float *y = (const float *)a->y.data + start;
            for (size_t c = 0; c < count; c++) total[c] += x[c] * y[c];
          } else {
            for (size_t c = 0; c < count; c++) total[c] += x[c];
          }
        } else {
          for (size_t c = 0; c < count; c++) {
            float v = load_one(a->x, start + c);
            total[c] += a->y.data ? v * load_one(a->y, start + c) : v;
          }
        }
      }
      for (size_t c = 0; c < count; c++) sums[first + c] = total[c];
    }
  }
}

CVAE_CLONES(sum_body) {
  const arguments *a = data;
  bool wide = a->x.type == CVAE_FLOAT32 && (!a->y.data || a->y.type == CVAE_FLOAT32);
  if (!wide)
    sum_groups(a, begin, end, a->channels, false);
  else if (a->channels == 8)
    sum_groups(a, begin, end, 8, true);
  else if (a->channels == 16)
    sum_groups(a, begin, end, 16, true);
  else
    sum_groups(a, begin, end, a->channels, true);
}

void cvae_sum_pixels(
    cvae_tensor x, cvae_tensor y, float *result, size_t groups, size_t pixels, size_t channels,
    int threads) {
  arguments a = {.x = x, .y = y, .sums = result, .pixels = pixels, .channels = channels};
  cvae_run(sum_body, &a, groups, 1, pixels * channels, threads);
}
