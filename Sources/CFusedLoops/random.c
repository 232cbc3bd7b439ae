#include "mathematics.h"

typedef struct {
  cvae_random random;
  const int32_t *records;
  float *result;
  size_t columns;
} arguments;

typedef struct {
  uint32_t word[4];
} block;

/// Philox 4x32 with 10 rounds. Source: Salmon et al., Parallel Random Numbers, 2011.
CVAE_INLINE block philox(uint64_t seed, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3) {
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)c0 * 0xd2511f53u, p1 = (uint64_t)c2 * 0xcd9e8d57u;
    uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    c0 = n0;
    c2 = n2;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return (block){{c0, c1, c2, c3}};
}

/// A number in (0, 1); the largest would round to 1 and is the one below it instead.
CVAE_INLINE float unit(uint32_t bits) {
  float number = ((float)(int32_t)(bits >> 8) + 0.5f) * 0x1p-24f;
  return number < 0x1.fffffep-1f ? number : 0x1.fffffep-1f;
}

/// Cosine and sine of 2·pi·u for u in (0, 1), by quadrant.
CVAE_INLINE void circle(float u, float *cosine, float *sine) {
  float shifted = 4.0f * u + 12582912.0f;
  float quadrant = shifted - 12582912.0f;
  int32_t turn = (int32_t)(to_bits(shifted) & 3u);
  float r = (u - 0.25f * quadrant) * 6.28318530717958648f, z = r * r;
  float s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
  float c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z
                * z - 0.5f * z + 1.0f;
  float first = turn & 1 ? s : c, second = turn & 1 ? c : s;
  *cosine = turn == 1 || turn == 2 ? -first : first;
  *sine = turn >= 2 ? -second : second;
}

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

CVAE_CLONES static void uniform_body(const void *data, size_t begin, size_t end) {
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

CVAE_CLONES static void normal_body(const void *data, size_t begin, size_t end) {
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
