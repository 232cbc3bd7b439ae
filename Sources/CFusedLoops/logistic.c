#include "mathematics.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

#define HALF_BIN (0.5f / 255.0f)
#define LEAST_LOG_SCALE -7.0f

typedef struct {
  const float *parameters, *targets, *weights, *upstream;
  float *result;
  cvae_tensor gradient;
  size_t columns;
} arguments;

/// 1 - e^-x for x > 0, without cancellation near 0.
CVAE_INLINE float one_minus_exp(float x) {
  float series = x * (1.0f - x * (0.5f - x * (1.6666667e-1f - x * 4.1666667e-2f)));
  return x < 0.06f ? series : 1.0f - expf_fast(-x);
}

CVAE_CLONES(logistic_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *m = a->parameters + 2 * row * a->columns, *s = m + a->columns;
    const float *x = a->targets + row * a->columns, *w = a->weights + row * a->columns;
    float sum = 0;
    for (size_t i = 0; i < a->columns; i++) {
      float scale = s[i] < LEAST_LOG_SCALE ? LEAST_LOG_SCALE : s[i];
      float inverse = expf_fast(-scale);
      float upper = (x[i] - m[i] + HALF_BIN) * inverse, lower = (x[i] - m[i] - HALF_BIN) * inverse;
      float first = upper - softplusf(upper), last = -softplusf(lower);
      float inner = first + last + logf_fast(one_minus_exp(2.0f * HALF_BIN * inverse));
      float term = x[i] < HALF_BIN ? first : x[i] > 1.0f - HALF_BIN ? last : inner;
      sum += w[i] != 0.0f ? w[i] * term : 0.0f;
    }
    a->result[row] = sum;
  }
}

void cvae_discretized_logistic(
    const float *parameters, const float *targets, const float *weights, float *result,
    size_t rows, size_t columns, int threads) {
  arguments a = {
      .parameters = parameters, .targets = targets, .weights = weights, .result = result,
      .columns = columns};
  cvae_run(logistic_body, &a, rows, 1, 24 * columns, threads);
}

CVAE_CLONES(logistic_gradient_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *m = a->parameters + 2 * row * a->columns, *s = m + a->columns;
    const float *x = a->targets + row * a->columns, *w = a->weights + row * a->columns;
    float *by_mean = (float *)a->gradient.data + 2 * row * a->columns;
    float *by_scale = by_mean + a->columns;
    float upstream = a->upstream[row];
    for (size_t i = 0; i < a->columns; i++) {
      bool flat = s[i] < LEAST_LOG_SCALE;
      float scale = flat ? LEAST_LOG_SCALE : s[i];
      float inverse = expf_fast(-scale), extent = 2.0f * HALF_BIN * inverse;
      float upper = (x[i] - m[i] + HALF_BIN) * inverse, lower = (x[i] - m[i] - HALF_BIN) * inverse;
      float above = sigmoidf(-upper), below = sigmoidf(lower);
      float inner = upper * -above + lower * below
                    - extent * expf_fast(-extent) / one_minus_exp(extent);
      bool least = x[i] < HALF_BIN, greatest = x[i] > 1.0f - HALF_BIN;
      float mean = least ? -above : greatest ? below : below - above;
      float width = least ? -upper * above : greatest ? lower * below : inner;
      float factor = w[i] != 0.0f ? w[i] * upstream : 0.0f;
      by_mean[i] = w[i] != 0.0f ? factor * inverse * mean : 0.0f;
      by_scale[i] = w[i] != 0.0f && !flat ? factor * width : 0.0f;
    }
  }
}

void cvae_discretized_logistic_gradient(
    const float *parameters, const float *targets, const float *weights, const float *upstream,
    float *result, size_t rows, size_t columns, int threads) {
  arguments a = {
      .parameters = parameters, .targets = targets, .weights = weights, .upstream = upstream,
      .gradient = {result, CVAE_FLOAT32}, .columns = columns};
  cvae_run(logistic_gradient_body, &a, rows, 1, 24 * columns, threads);
}
