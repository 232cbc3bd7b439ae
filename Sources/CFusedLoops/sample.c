#include "random.h"

// Sums may be split over vector lanes; the split is the same in every run.
#pragma clang fp reassociate(on) contract(fast)

#define LEAST_LOG_DEVIATION -6.0f
// One wild deviation in millions of rows would overflow the columns that follow.
#define MOST_LOG_DEVIATION 4.0f
// Random numbers are drawn for a run of rows at once, so that the compiler can vectorise over them.
#define RUN 16
// How many weights are computed at a time.
#define PART 16

typedef struct {
  cvae_random random;
  const int32_t *records, *known;
  const float *parameters;
  float *values;
  int32_t *levels;
  size_t rows, columns, components, known_step;
} arguments;

CVAE_INLINE float top_of(const float *values, size_t count) {
  float top = values[0];
  for (size_t i = 1; i < count; i++) top = values[i] > top ? values[i] : top;
  return top;
}

/// The first place up to which the softmax sums to more than `share`.
CVAE_INLINE size_t place(const float *logits, size_t count, float share) {
  float top = top_of(logits, count), total = 0, weights[PART];
  if (count <= PART) {
    for (size_t i = 0; i < count; i++) weights[i] = expf_fast(logits[i] - top);
    for (size_t i = 0; i < count; i++) total += weights[i];
    float rest = share * total;
    for (size_t i = 0; i < count; i++) {
      rest -= weights[i];
      if (rest < 0) return i;
    }
    return count - 1;
  }
  for (size_t i = 0; i < count; i++) total += expf_fast(logits[i] - top);
  float rest = share * total;
  for (size_t first = 0; first < count; first += PART) {
    size_t n = count - first < PART ? count - first : PART;
    for (size_t i = 0; i < n; i++) weights[i] = expf_fast(logits[first + i] - top);
    for (size_t i = 0; i < n; i++) {
      rest -= weights[i];
      if (rest < 0) return first + i;
    }
  }
  return count - 1;
}

CVAE_INLINE void draw(
    const arguments *a, size_t row, size_t count, uint32_t column, uint32_t words[4][RUN]) {
  for (size_t i = 0; i < count; i++) {
    block b = philox(
        a->random.seed, column, (uint32_t)a->records[row + i], a->random.step, a->random.stream);
    for (int lane = 0; lane < 4; lane++) words[lane][i] = b.word[lane];
  }
}

CVAE_CLONES(categorical_body) {
  const arguments *a = data;
  size_t levels = a->components;
  uint32_t words[4][RUN];
  for (size_t row = begin; row < end; row += RUN) {
    size_t n = end - row < RUN ? end - row : RUN;
    draw(a, row, n, 0, words);
    for (size_t i = 0; i < n; i++) {
      int32_t known = a->known ? a->known[(row + i) * a->known_step] : (int32_t)levels;
      a->levels[row + i] =
          known < (int32_t)levels
              ? known
              : (int32_t)place(a->parameters + (row + i) * levels, levels, unit(words[0][i]));
    }
  }
}

void cvae_categorical_sample(
    cvae_random random, const int32_t *records, const float *logits, const int32_t *known,
    size_t known_step, int32_t *result, size_t rows, size_t levels, int threads) {
  arguments a = {
      .random = random, .records = records, .parameters = logits, .known = known,
      .known_step = known_step, .levels = result, .rows = rows, .components = levels};
  cvae_run(categorical_body, &a, rows, 1, 50 + 8 * levels, threads);
}

CVAE_CLONES(mixture_sample_body) {
  const arguments *a = data;
  size_t k = a->components, part = a->columns * k;
  uint32_t words[4][RUN];
  float normal[RUN];
  for (size_t row = begin; row < end; row += RUN) {
    size_t n = end - row < RUN ? end - row : RUN;
    for (size_t column = 0; column < a->columns; column++) {
      draw(a, row, n, (uint32_t)column, words);
      for (size_t i = 0; i < n; i++) {
        float cosine, sine;
        float angle = unit(words[1][i]);
        circle(angle, &cosine, &sine);
        normal[i] = square_root(-2.0f * logf_fast(unit(words[0][i]))) * cosine;
      }
      for (size_t i = 0; i < n; i++) {
        const float *l = a->parameters + (row + i) * 3 * part + column * k;
        const float *own = l + place(l, k, unit(words[2][i]));
        float log = own[2 * part];
        log = log < LEAST_LOG_DEVIATION ? LEAST_LOG_DEVIATION : log;
        float deviation = expf_fast(log > MOST_LOG_DEVIATION ? MOST_LOG_DEVIATION : log);
        a->values[(row + i) * a->columns + column] = own[part] + deviation * normal[i];
      }
    }
  }
}

void cvae_gaussian_mixture_sample(
    cvae_random random, const int32_t *records, const float *parameters, float *result, size_t rows,
    size_t columns, size_t components, int threads) {
  arguments a = {
      .random = random, .records = records, .parameters = parameters, .values = result,
      .rows = rows, .columns = columns, .components = components};
  cvae_run(mixture_sample_body, &a, rows, 1, columns * (80 + 8 * components), threads);
}
