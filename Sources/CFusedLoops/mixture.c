#include "mathematics.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

#define LEAST_LOG_DEVIATION -6.0f
#define HALF_LOG_TWO_PI 0.918938533204672742f

typedef struct {
  const float *parameters, *targets, *weights, *upstream;
  float *result;
  size_t columns, components;
} arguments;

/// log of a component's share and density, but for the part that all have in common.
CVAE_INLINE float joint(float logit, float mean, float log_deviation, float x) {
  float log = log_deviation < LEAST_LOG_DEVIATION ? LEAST_LOG_DEVIATION : log_deviation;
  float distance = (x - mean) * expf_fast(-log);
  return logit - 0.5f * distance * distance - log;
}

CVAE_INLINE float top_of(const float *values, size_t count) {
  float top = values[0];
  for (size_t i = 1; i < count; i++) top = values[i] > top ? values[i] : top;
  return top;
}

CVAE_CLONES(mixture_body) {
  const arguments *a = data;
  size_t k = a->components, part = a->columns * k;
  for (size_t row = begin; row < end; row++) {
    float sum = 0;
    for (size_t column = 0; column < a->columns; column++) {
      float weight = a->weights[row * a->columns + column];
      if (weight == 0.0f) continue;
      float x = a->targets[row * a->columns + column];
      const float *l = a->parameters + row * 3 * part + column * k, *m = l + part, *s = m + part;
      float top = joint(l[0], m[0], s[0], x), logit = top_of(l, k);
      for (size_t i = 1; i < k; i++) {
        float own = joint(l[i], m[i], s[i], x);
        top = own > top ? own : top;
      }
      float whole = 0, all = 0;
      for (size_t i = 0; i < k; i++) {
        whole += expf_fast(joint(l[i], m[i], s[i], x) - top);
        all += expf_fast(l[i] - logit);
      }
      sum += weight * ((top - logit) + logf_fast(whole) - logf_fast(all) - HALF_LOG_TWO_PI);
    }
    a->result[row] = sum;
  }
}

void cvae_gaussian_mixture(
    const float *parameters, const float *targets, const float *weights, float *result,
    size_t rows, size_t columns, size_t components, int threads) {
  arguments a = {
      .parameters = parameters, .targets = targets, .weights = weights, .result = result,
      .columns = columns, .components = components};
  cvae_run(mixture_body, &a, rows, 1, 24 * columns * components, threads);
}

CVAE_CLONES(mixture_gradient_body) {
  const arguments *a = data;
  size_t k = a->components, part = a->columns * k;
  for (size_t row = begin; row < end; row++) {
    for (size_t column = 0; column < a->columns; column++) {
      size_t start = row * 3 * part + column * k;
      const float *l = a->parameters + start, *m = l + part, *s = m + part;
      float *by_logit = a->result + start, *by_mean = by_logit + part, *by_log = by_mean + part;
      float weight = a->weights[row * a->columns + column];
      float x = a->targets[row * a->columns + column], factor = weight * a->upstream[row];
      if (weight == 0.0f) {
        for (size_t i = 0; i < k; i++) by_logit[i] = by_mean[i] = by_log[i] = 0;
        continue;
      }
      float top = joint(l[0], m[0], s[0], x), logit = top_of(l, k);
      for (size_t i = 1; i < k; i++) {
        float own = joint(l[i], m[i], s[i], x);
        top = own > top ? own : top;
      }
      float whole = 0, all = 0;
      for (size_t i = 0; i < k; i++) {
        whole += expf_fast(joint(l[i], m[i], s[i], x) - top);
        all += expf_fast(l[i] - logit);
      }
      for (size_t i = 0; i < k; i++) {
        bool flat = s[i] < LEAST_LOG_DEVIATION;
        float inverse = expf_fast(-(flat ? LEAST_LOG_DEVIATION : s[i]));
        float distance = (x - m[i]) * inverse;
        float share = expf_fast(joint(l[i], m[i], s[i], x) - top) / whole;
        by_logit[i] = factor * (share - expf_fast(l[i] - logit) / all);
        by_mean[i] = factor * share * distance * inverse;
        by_log[i] = flat ? 0.0f : factor * share * (distance * distance - 1.0f);
      }
    }
  }
}

void cvae_gaussian_mixture_gradient(
    const float *parameters, const float *targets, const float *weights, const float *upstream,
    float *result, size_t rows, size_t columns, size_t components, int threads) {
  arguments a = {
      .parameters = parameters, .targets = targets, .weights = weights, .upstream = upstream,
      .result = result, .columns = columns, .components = components};
  cvae_run(mixture_gradient_body, &a, rows, 1, 40 * columns * components, threads);
}
