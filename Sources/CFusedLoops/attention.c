#include "lanes.h"

typedef struct {
  const float *x;
  const int32_t *lengths, *source, *targets;
  float *result;
  /// Rows are ordered by step, then by record; `places` are the columns of the weights.
  size_t batch, places, levels;
} arguments;

CVAE_CLONES(masked_softmax_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->places;
    float *r = a->result + row * a->places;
    size_t length = (size_t)a->lengths[row % a->batch], whole = length - length % LANES;
    float top = length ? x[0] : 0, sum = 0;
    if (whole) {
      numbers largest = load_16(x);
      for (size_t i = LANES; i < whole; i += LANES) {
        numbers v = load_16(x + i);
        largest = v > largest ? v : largest;
      }
      top = largest_of(&largest);
    }
    for (size_t i = whole; i < length; i++) top = x[i] > top ? x[i] : top;
    numbers sums = (numbers)0.0f;
    for (size_t i = 0; i < whole; i += LANES) {
      numbers power = exp_of_negative(load_16(x + i) - top);
      store_16(r + i, power);
      sums += power;
    }
    for (size_t i = whole; i < length; i++) {
      r[i] = exp_of_negative(x[i] - top);
      sum += r[i];
    }
    float share = 1.0f / (sum + sum_of(&sums));
    for (size_t i = 0; i < length; i++) r[i] *= share;
    for (size_t i = length; i < a->places; i++) r[i] = 0;
  }
}

void cvae_masked_softmax(
    const float *x, const int32_t *lengths, float *result, size_t rows, size_t batch,
    size_t places, int threads) {
  arguments a = {
      .x = x, .lengths = lengths, .result = result, .batch = batch, .places = places};
  cvae_run(masked_softmax_body, &a, rows, 1, 8 * places, threads);
}

CVAE_CLONES(matching_sum_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->places;
    const int32_t *source = a->source + row % a->batch;
    float sum = 0;
    for (size_t i = 0; i < a->places; i++)
      sum += source[i * a->batch] == a->targets[row] ? x[i] : 0;
    a->result[row] = sum;
  }
}

void cvae_matching_sum(
    const float *weights, const int32_t *source, const int32_t *targets, float *result,
    size_t rows, size_t batch, size_t places, int threads) {
  arguments a = {
      .x = weights, .source = source, .targets = targets, .result = result, .batch = batch,
      .places = places};
  cvae_run(matching_sum_body, &a, rows, 1, 2 * places, threads);
}

CVAE_CLONES(matching_sum_gradient_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    float *r = a->result + row * a->places;
    const int32_t *source = a->source + row % a->batch;
    for (size_t i = 0; i < a->places; i++)
      r[i] = source[i * a->batch] == a->targets[row] ? a->x[row] : 0;
  }
}

void cvae_matching_sum_gradient(
    const int32_t *source, const int32_t *targets, const float *upstream, float *result,
    size_t rows, size_t batch, size_t places, int threads) {
  arguments a = {
      .x = upstream, .source = source, .targets = targets, .result = result, .batch = batch,
      .places = places};
  cvae_run(matching_sum_gradient_body, &a, rows, 1, 2 * places, threads);
}

CVAE_CLONES(level_sums_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    const float *x = a->x + row * a->places;
    float *r = a->result + row * a->levels;
    const int32_t *source = a->source + row % a->batch;
    for (size_t i = 0; i < a->levels; i++) r[i] = 0;
    for (size_t i = 0; i < a->places; i++) {
      size_t level = (size_t)source[i * a->batch];
      if (level < a->levels) r[level] += x[i];
    }
  }
}

void cvae_level_sums(
    const float *weights, const int32_t *source, float *result, size_t rows, size_t batch,
    size_t places, size_t levels, int threads) {
  arguments a = {
      .x = weights, .source = source, .result = result, .batch = batch, .places = places,
      .levels = levels};
  cvae_run(level_sums_body, &a, rows, 1, levels + 2 * places, threads);
}
