#include "lanes.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

#define LEAST_LOG_DEVIATION -6.0f
#define HALF_LOG_TWO_PI 0.918938533204672742f

typedef struct {
  const float *parameters, *targets, *weights, *upstream;
  float *result;
  size_t rows, columns, components;
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

// In the gradient with up to 16 components, 16 columns are treated at once, of one row or of several, a
// vector for each component; more components lie in vectors themselves.

/// 16 columns or fewer: where the components of each begin, and its target and weight.
typedef struct {
  size_t count, starts[LANES], rows[LANES];
  numbers target, weight, upstream;
} sixteen;

/// From column `first` of all rows' columns on, up to `end`.
CVAE_INLINE void find_columns(const arguments *a, size_t first, size_t end, sixteen *s) {
  size_t k = a->components, part = a->columns * k;
  size_t row = first / a->columns, column = first % a->columns;
  float targets[LANES] = {0}, weights[LANES] = {0}, upstream[LANES] = {0};
  s->count = end - first < LANES ? end - first : LANES;
  for (size_t i = 0; i < LANES; i++) {
    s->starts[i] = row * 3 * part + column * k;
    s->rows[i] = row;
    if (i + 1 > s->count) continue;
    targets[i] = a->targets[first + i];
    weights[i] = a->weights[first + i];
    upstream[i] = a->upstream[row];
    if (i + 1 < s->count && ++column == a->columns) column = 0, row++;
  }
  s->target = load_16(targets);
  s->weight = load_16(weights);
  s->upstream = load_16(upstream);
}

/// The logits, means or log deviations.
CVAE_INLINE void load_table(const arguments *a, const sixteen *s, size_t table, numbers t[LANES]) {
  size_t k = a->components, part = a->columns * k;
  const float *x = a->parameters + table * part, *end = a->parameters + a->rows * 3 * part;
  for (size_t i = 0; i < LANES; i++) {
    const float *from = x + s->starts[i];
    if (end - from >= LANES) {
      t[i] = load_16(from);
    } else {
      float room[LANES] = {0};
      for (size_t j = 0; j < k; j++) room[j] = from[j];
      t[i] = load_16(room);
    }
  }
  transpose_16(t);
}

CVAE_INLINE void store_table(const arguments *a, const sixteen *s, size_t table, numbers t[LANES]) {
  size_t k = a->components, part = a->columns * k, first = 0;
  short_rows room;
  transpose_16(t);
  for (size_t i = 0; i < LANES; i++) store_16(room.numbers + i * k, t[i]);
  for (size_t i = 1; i <= s->count; i++) {
    if (i < s->count && s->rows[i] == s->rows[first]) continue;
    __builtin_memcpy(
        a->result + table * part + s->starts[first], room.numbers + first * k,
        (i - first) * k * sizeof(float));
    first = i;
  }
}

/// What the gradient needs of each component and of all.
typedef struct {
  numbers distances[LANES], inverses[LANES], shares[LANES], priors[LANES];
  numbers top, logit, whole, all;
} densities;

CVAE_INLINE void sum_densities(
    const sixteen *s, size_t k, const numbers l[LANES], const numbers m[LANES],
    const numbers logs[LANES], densities *d) {
  numbers least = (numbers)LEAST_LOG_DEVIATION, zero = (numbers)0.0f;
  for (size_t i = 0; i < k; i++) {
    numbers log = logs[i] < least ? least : logs[i];
    d->inverses[i] = expf_fast(-log);
    d->distances[i] = (s->target - m[i]) * d->inverses[i];
    numbers own = l[i] - 0.5f * d->distances[i] * d->distances[i] - log;
    d->shares[i] = own;
    d->top = i == 0 ? own : (own > d->top ? own : d->top);
    d->logit = i == 0 ? l[0] : (l[i] > d->logit ? l[i] : d->logit);
  }
  d->whole = d->all = zero;
  for (size_t i = 0; i < k; i++) {
    d->shares[i] = exp_of_negative(d->shares[i] - d->top);
    d->priors[i] = exp_of_negative(l[i] - d->logit);
    d->whole += d->shares[i];
    d->all += d->priors[i];
  }
}

CVAE_CLONES(few_gradient_body) {
  const arguments *a = data;
  numbers zero = (numbers)0.0f;
  for (size_t first = begin * a->columns; first < end * a->columns; first += LANES) {
    sixteen s;
    densities d;
    numbers l[LANES], m[LANES], logs[LANES];
    find_columns(a, first, end * a->columns, &s);
    load_table(a, &s, 0, l);
    load_table(a, &s, 1, m);
    load_table(a, &s, 2, logs);
    sum_densities(&s, a->components, l, m, logs, &d);
    whole_numbers none = s.weight == zero;
    numbers factor = s.weight * s.upstream, whole = 1.0f / d.whole, all = 1.0f / d.all;
    for (size_t i = 0; i < a->components; i++) {
      whole_numbers flat = logs[i] < (numbers)LEAST_LOG_DEVIATION;
      numbers share = d.shares[i] * whole, distance = d.distances[i];
      numbers by_mean = factor * share * distance * d.inverses[i];
      numbers by_log = factor * share * (distance * distance - 1.0f);
      l[i] = none ? zero : factor * (share - d.priors[i] * all);
      m[i] = none ? zero : by_mean;
      logs[i] = (none | flat) ? zero : by_log;
    }
    store_table(a, &s, 0, l);
    store_table(a, &s, 1, m);
    store_table(a, &s, 2, logs);
  }
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
      .rows = rows, .columns = columns, .components = components};
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
      .result = result, .rows = rows, .columns = columns, .components = components};
  cvae_body body = components > LANES ? mixture_gradient_body : few_gradient_body;
  cvae_run(body, &a, rows, 1, 40 * columns * components, threads);
}
