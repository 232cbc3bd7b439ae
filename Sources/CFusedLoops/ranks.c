#include "parallel.h"

typedef struct {
  const float *const *parts;
  const float *weights;
  float *result;
  size_t count;
} arguments;

/// Numbers whose sums stay in the nearest cache.
#define BLOCK 2048

// The order of the sum is that of the parts, so it is the same however the loop is split.
CVAE_CLONES(weighted_sum_body) {
  const arguments *a = data;
  float sums[BLOCK];
  for (size_t start = begin; start < end; start += BLOCK) {
    size_t count = end - start < BLOCK ? end - start : BLOCK;
    for (size_t i = 0; i < count; i++) sums[i] = 0;
    for (size_t part = 0; part < a->count; part++) {
      float weight = a->weights[part];
      const float *x = a->parts[part] + start;
      // A part that doesn't count may hold anything.
      if (weight == 0) continue;
      for (size_t i = 0; i < count; i++) sums[i] += weight * x[i];
    }
    __builtin_memcpy(a->result + start, sums, count * sizeof(float));
  }
}

void cvae_weighted_sum(
    const float *const *parts, const float *weights, size_t part_count, float *result, size_t count,
    int threads) {
  arguments a = {.parts = parts, .weights = weights, .result = result, .count = part_count};
  cvae_run(weighted_sum_body, &a, count, 16, part_count, threads);
}
