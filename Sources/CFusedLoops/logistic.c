#include "lanes.h"

#pragma clang fp contract(fast)

#define HALF_BIN (0.5f / 255.0f)
#define LEAST_LOG_SCALE -7.0f

typedef struct {
  const float *parameters, *targets, *weights, *upstream;
  float *result, *gradient;
  size_t columns;
} arguments;

// Rows are treated in vectors; the last one, which has fewer than 16 columns, lies among zeroes meanwhile.
typedef struct {
  numbers mean, scale, target, weight;
} sixteen;

CVAE_INLINE void load_part(const float *from, size_t count, numbers *result) {
  if (count >= LANES) {
    *result = load_16(from);
    return;
  }
  float room[LANES] = {0};
  for (size_t i = 0; i < count; i++) room[i] = from[i];
  *result = load_16(room);
}

CVAE_INLINE void store_part(float *to, size_t count, const numbers *x) {
  if (count >= LANES) {
    store_16(to, *x);
    return;
  }
  float room[LANES];
  store_16(room, *x);
  for (size_t i = 0; i < count; i++) to[i] = room[i];
}

CVAE_INLINE void load_sixteen(const arguments *a, size_t row, size_t i, sixteen *result) {
  size_t count = a->columns - i;
  const float *m = a->parameters + 2 * row * a->columns + i;
  load_part(m, count, &result->mean);
  load_part(m + a->columns, count, &result->scale);
  load_part(a->targets + row * a->columns + i, count, &result->target);
  load_part(a->weights + row * a->columns + i, count, &result->weight);
}

/// 1 - e^-x for x > 0, without cancellation near 0; `power` is e^-x.
CVAE_INLINE void one_minus_exp(const numbers *argument, const numbers *power, numbers *result) {
  numbers x = *argument;
  numbers series = x * (1.0f - x * (0.5f - x * (1.6666667e-1f - x * 4.1666667e-2f)));
  *result = x < (numbers)0.06f ? series : 1.0f - *power;
}

CVAE_INLINE void logistic_term(const sixteen *s, numbers *result) {
  numbers x = s->target, least = (numbers)LEAST_LOG_SCALE;
  numbers inverse = expf_fast(-(s->scale < least ? least : s->scale));
  numbers upper = (x - s->mean + HALF_BIN) * inverse, lower = (x - s->mean - HALF_BIN) * inverse;
  // log(1 + e^-|u|) and log(1 + e^-|l|), of which the outermost bins have one each.
  numbers above = exp_of_negative(negated_size(upper));
  numbers below = exp_of_negative(negated_size(lower));
  numbers extent = 2.0f * HALF_BIN * inverse, power = exp_of_negative(-extent), width;
  one_minus_exp(&extent, &power, &width);
  numbers first = upper < (numbers)0.0f ? upper : (numbers)0.0f;
  numbers last = lower > (numbers)0.0f ? lower : (numbers)0.0f;
  whole_numbers at_least = x < (numbers)HALF_BIN, at_most = x > (numbers)(1.0f - HALF_BIN);
  numbers edge = at_least ? above : below, rest = at_least ? first : -last;
  numbers inner = (first - last) + logf_fast(width / ((1.0f + above) * (1.0f + below)));
  numbers outer = rest - log1pf_fast(edge);
  numbers term = (at_least | at_most) ? outer : inner;
  *result = s->weight != (numbers)0.0f ? s->weight * term : (numbers)0.0f;
}

CVAE_CLONES(logistic_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    numbers sum = (numbers)0.0f;
    for (size_t i = 0; i < a->columns; i += LANES) {
      sixteen s;
      numbers term;
      load_sixteen(a, row, i, &s);
      logistic_term(&s, &term);
      sum += term;
    }
    a->result[row] = sum_of(&sum);
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

CVAE_INLINE void logistic_slopes(
    const sixteen *s, float upstream, numbers *by_mean, numbers *by_scale) {
  numbers x = s->target, least = (numbers)LEAST_LOG_SCALE, zero = (numbers)0.0f;
  whole_numbers flat = s->scale < least, none = s->weight == zero;
  numbers inverse = expf_fast(-(flat ? least : s->scale));
  numbers upper = (x - s->mean + HALF_BIN) * inverse, lower = (x - s->mean - HALF_BIN) * inverse;
  numbers above = sigmoidf(-upper), below = sigmoidf(lower);
  numbers extent = 2.0f * HALF_BIN * inverse, power = exp_of_negative(-extent), excess;
  one_minus_exp(&extent, &power, &excess);
  numbers inner = upper * -above + lower * below - extent * power / excess;
  whole_numbers at_least = x < (numbers)HALF_BIN, at_most = x > (numbers)(1.0f - HALF_BIN);
  numbers mean = at_least ? -above : at_most ? below : below - above;
  numbers width = at_least ? -upper * above : at_most ? lower * below : inner;
  numbers factor = s->weight * upstream;
  *by_mean = none ? zero : factor * inverse * mean;
  *by_scale = (none | flat) ? zero : factor * width;
}

CVAE_CLONES(logistic_gradient_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    float *result = a->gradient + 2 * row * a->columns;
    for (size_t i = 0; i < a->columns; i += LANES) {
      sixteen s;
      numbers by_mean, by_scale;
      load_sixteen(a, row, i, &s);
      logistic_slopes(&s, a->upstream[row], &by_mean, &by_scale);
      store_part(result + i, a->columns - i, &by_mean);
      store_part(result + a->columns + i, a->columns - i, &by_scale);
    }
  }
}

void cvae_discretized_logistic_gradient(
    const float *parameters, const float *targets, const float *weights, const float *upstream,
    float *result, size_t rows, size_t columns, int threads) {
  arguments a = {
      .parameters = parameters, .targets = targets, .weights = weights, .upstream = upstream,
      .gradient = result, .columns = columns};
  cvae_run(logistic_gradient_body, &a, rows, 1, 24 * columns, threads);
}
