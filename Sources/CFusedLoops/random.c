#include "random.h"

typedef struct {
  cvae_random random;
  const int32_t *records;
  float *result;
  size_t columns;
} arguments;

// Numbers are drawn for 8 or 16 blocks at a time.
#define RUN 16

/// The first or the last two words of 16 blocks: each block's in the order in which they are drawn.
typedef struct {
  wide_words low[4], high[4];
} sixteen_blocks;

CVAE_INLINE void draw(const arguments *a, uint32_t record, size_t first, sixteen_blocks *blocks) {
  philox_8(
      a->random.seed, (uint32_t)first, record, a->random.step, a->random.stream, blocks->low);
  philox_8(
      a->random.seed, (uint32_t)first + 8, record, a->random.step, a->random.stream, blocks->high);
}

/// Words of 8 blocks that have the order of the result: of blocks 0 to 3, then of 4 to 7.
CVAE_INLINE void in_order(const wide_words c[4], bit_patterns words[2]) {
  const wide_words low = (wide_words)(uint64_t)0xffffffffu;
  wide_words a = (c[0] & low) | (c[1] << 32), b = (c[2] & low) | (c[3] << 32);
  wide_words first = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  wide_words second = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  __builtin_memcpy(&words[0], &first, sizeof first);
  __builtin_memcpy(&words[1], &second, sizeof second);
}

/// The same word of 16 blocks.
CVAE_INLINE void of_each(const sixteen_blocks *blocks, int word, bit_patterns *result) {
  bit_patterns low, high;
  __builtin_memcpy(&low, &blocks->low[word], sizeof low);
  __builtin_memcpy(&high, &blocks->high[word], sizeof high);
  *result = __builtin_shufflevector(
      low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

CVAE_CLONES(uniform_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    float *r = a->result + row * a->columns;
    for (size_t first = 0; first < a->columns; first += 32) {
      wide_words c[4];
      bit_patterns words[2];
      philox_8(
          a->random.seed, (uint32_t)(first / 4), (uint32_t)a->records[row], a->random.step,
          a->random.stream, c);
      in_order(c, words);
      size_t rest = a->columns - first;
      if (rest >= 32) {
        store_16(r + first, unit(words[0]));
        store_16(r + first + 16, unit(words[1]));
      } else {
        float last[32];
        store_16(last, unit(words[0]));
        store_16(last + 16, unit(words[1]));
        for (size_t i = 0; i < rest; i++) r[first + i] = last[i];
      }
    }
  }
}

void cvae_uniform(
    cvae_random random, const int32_t *records, float *result, size_t rows, size_t columns,
    int threads) {
  arguments a = {random, records, result, columns};
  cvae_run(uniform_body, &a, rows, 1, 8 * columns, threads);
}

/// Two normal numbers from two words of each block.
CVAE_INLINE void normal_pair(
    const sixteen_blocks *blocks, int word, numbers *first, numbers *second) {
  bit_patterns bits, angle;
  of_each(blocks, word, &bits);
  of_each(blocks, word + 1, &angle);
  numbers radius = square_root(-2.0f * logf_fast(unit(bits))), place = unit(angle);
  numbers cosine, sine;
  circle(place, &cosine, &sine);
  *first = radius * cosine;
  *second = radius * sine;
}

CVAE_INLINE void normal_16_blocks(
    const arguments *a, uint32_t record, size_t first, float result[4 * RUN]) {
  sixteen_blocks blocks;
  numbers n[4];
  draw(a, record, first, &blocks);
  normal_pair(&blocks, 0, &n[0], &n[1]);
  normal_pair(&blocks, 2, &n[2], &n[3]);
#define INTERLEAVED(a, b, from) \
  __builtin_shufflevector( \
      a, b, (from), 16 + (from), 1 + (from), 17 + (from), 2 + (from), 18 + (from), 3 + (from), \
      19 + (from), 4 + (from), 20 + (from), 5 + (from), 21 + (from), 6 + (from), 22 + (from), \
      7 + (from), 23 + (from))
  numbers even = INTERLEAVED(n[0], n[2], 0), odd = INTERLEAVED(n[1], n[3], 0);
  store_16(result, INTERLEAVED(even, odd, 0));
  store_16(result + 16, INTERLEAVED(even, odd, 8));
  even = INTERLEAVED(n[0], n[2], 8), odd = INTERLEAVED(n[1], n[3], 8);
  store_16(result + 32, INTERLEAVED(even, odd, 0));
  store_16(result + 48, INTERLEAVED(even, odd, 8));
#undef INTERLEAVED
}

CVAE_CLONES(normal_body) {
  const arguments *a = data;
  for (size_t row = begin; row < end; row++) {
    float *r = a->result + row * a->columns;
    for (size_t first = 0; first < a->columns; first += 4 * RUN) {
      size_t rest = a->columns - first;
      float last[4 * RUN], *to = rest >= 4 * RUN ? r + first : last;
      normal_16_blocks(a, (uint32_t)a->records[row], first / 4, to);
      if (to == last)
        for (size_t i = 0; i < rest; i++) r[first + i] = last[i];
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
