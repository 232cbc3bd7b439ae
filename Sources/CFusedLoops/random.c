#include "random.h"

typedef struct {
  cvae_random random;
  const int32_t *records;
  float *result;
  size_t columns;
} arguments;

// Numbers are drawn for a run of blocks at once, so that the compiler can vectorise over them.
#define RUN 16

CVAE_INLINE void draw(
    const arguments *a, uint32_t record, size_t first, size_t count, uint32_t words[4][RUN]) {
  for (size_t i = 0; i < count; i++) {
    block b = philox(
        a->random.seed, (uint32_t)(first + i), record, a->random.step, a->random.stream);
    for (int lane = 0; lane < 4; lane++) words[lane][i] = b.word[lane];
  }
}

CVAE_CLONES(uniform_body) {
  const arguments *a = data;
  uint32_t words[4][RUN];
  for (size_t row = begin; row < end; row++) {
    float *r = a->result + row * a->columns;
    for (size_t first = 0; 4 * first < a->columns; first += RUN) {
      draw(a, (uint32_t)a->records[row], first, RUN, words);
      size_t rest = a->columns - 4 * first, n = rest < 4 * RUN ? rest : 4 * RUN;
      for (size_t i = 0; i < n; i++) r[4 * first + i] = unit(words[i % 4][i / 4]);
    }
  }
}

void cvae_uniform(
    cvae_random random, const int32_t *records, float *result, size_t rows, size_t columns,
    int threads) {
  arguments a = {random, records, result, columns};
  cvae_run(uniform_body, &a, rows, 1, 8 * columns, threads);
}

CVAE_CLONES(normal_body) {
  const arguments *a = data;
  uint32_t words[4][RUN] = {{0}};
  float normal[4][RUN];
  size_t blocks = (a->columns + 3) / 4;
  for (size_t row = begin; row < end; row++) {
    float *r = a->result + row * a->columns;
    for (size_t first = 0; first < blocks; first += RUN) {
      size_t left = blocks - first < RUN ? blocks - first : RUN;
      // Short rows draw only what they need, in whole vectors.
      size_t lanes = left <= 8 ? 8 : RUN;
      draw(a, (uint32_t)a->records[row], first, lanes, words);
      for (int pair = 0; pair < 4; pair += 2) {
        for (size_t i = 0; i < lanes; i++) {
          float radius = square_root(-2.0f * logf_fast(unit(words[pair][i])));
          float cosine, sine;
          circle(unit(words[pair + 1][i]), &cosine, &sine);
          normal[pair][i] = radius * cosine;
          normal[pair + 1][i] = radius * sine;
        }
      }
      size_t rest = a->columns - 4 * first, n = rest < 4 * RUN ? rest : 4 * RUN;
      for (size_t i = 0; i < n; i++) r[4 * first + i] = normal[i % 4][i / 4];
    }
  }
}

void cvae_normal(
    cvae_random random, const int32_t *records, float *result, size_t rows, size_t columns,
    int threads) {
  arguments a = {random, records, result, columns};
  cvae_run(normal_body, &a, rows, 1, 16 * columns, threads);
}

void cvae_dropout_mask(float *uniform, size_t count, float rate) {
  float kept = 1.0f / (1.0f - rate);
  for (size_t i = 0; i < count; i++) uniform[i] = uniform[i] < rate ? 0.0f : kept;
}

void cvae_bernoulli_sample(float *uniform, const float *probabilities, size_t count) {
  for (size_t i = 0; i < count; i++) uniform[i] = uniform[i] < probabilities[i] ? 1.0f : 0.0f;
}
