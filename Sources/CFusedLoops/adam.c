#include "mathematics.h"

// All tensors are one long list of elements that the threads share out in blocks; a block never
// crosses a tensor's end.
#define BLOCK ((size_t)CVAE_ADAM_BLOCK)

typedef struct {
  const cvae_adam_tensor *tensors;
  size_t tensor_count;
  cvae_adam_rule rule;
  cvae_shares shares;
  double *partial;
  /// Set where a gradient isn't finite.
  uint32_t *trouble;
} arguments;

/// Calls `action` for each block from `begin` to `end`, counted over all tensors.
#define EACH_BLOCK(a, begin, end, action) \
  do { \
    size_t index = 0; \
    for (size_t t = 0; t < (a)->tensor_count && index < (end); t++) { \
      const cvae_adam_tensor *tensor = &(a)->tensors[t]; \
      size_t blocks = (tensor->count + BLOCK - 1) / BLOCK; \
      size_t from = (begin) > index ? (begin) - index : 0; \
      size_t to = (end) - index < blocks ? (end) - index : blocks; \
      for (size_t b = from; b < to; b++) { \
        size_t start = tensor->from + b * BLOCK; \
        size_t n = tensor->count - b * BLOCK < BLOCK ? tensor->count - b * BLOCK : BLOCK; \
        action \
      } \
      index += blocks; \
    } \
  } while (0)

static size_t block_count(const cvae_adam_tensor *tensors, size_t tensor_count) {
  size_t blocks = 0;
  for (size_t t = 0; t < tensor_count; t++) blocks += (tensors[t].count + BLOCK - 1) / BLOCK;
  return blocks;
}

/// The bits of a finite number rounded to the upper half, ties to even; the lower half is not
/// cleared.
CVAE_INLINE uint32_t rounded(float x) {
  uint32_t bits = to_bits(x);
  return bits + 0x7fffu + ((bits >> 16) & 1u);
}

/// Narrows `n` weights into the copy, in pairs of rows where products read it so. Both numbers of a
/// pair are written as one word, so that no vector has to be shuffled.
CVAE_INLINE void copy_rows(const float *w, uint16_t *copy, size_t n, size_t width) {
  for (size_t pair = 0; pair < n; pair += 2 * width) {
    const float *first = w + pair, *second = w + pair + width;
    uint32_t *to = (uint32_t *)(copy + pair);
    for (size_t i = 0; i < width; i++)
      to[i] = rounded(first[i]) >> 16 | (rounded(second[i]) & 0xffff0000u);
  }
}

CVAE_INLINE void copy_block(const cvae_adam_tensor *tensor, size_t start, size_t n) {
  const float *w = tensor->weights + start;
  uint16_t *to = tensor->copy + start;
  if (tensor->interleave == 64) {
    // The usual width, as a constant.
    copy_rows(w, to, n, 64);
  } else if (tensor->interleave > 0) {
    copy_rows(w, to, n, tensor->interleave);
  } else {
    for (size_t i = 0; i < n; i++) to[i] = (uint16_t)(rounded(w[i]) >> 16);
  }
}

/// What a rule computes for each element.
typedef struct {
  float beta1, beta2, scale, step, root, epsilon, added, kept;
} constants;

CVAE_INLINE constants constants_of(const cvae_adam_rule *rule) {
  return (constants){
      .beta1 = rule->beta1, .beta2 = rule->beta2, .scale = rule->gradient_scale,
      .step = rule->learning_rate * rule->correction1, .root = square_root(rule->correction2),
      .epsilon = rule->epsilon, .added = rule->decoupled ? 0.0f : rule->weight_decay,
      .kept = rule->decoupled ? 1.0f - rule->learning_rate * rule->weight_decay : 1.0f};
}

/// `n` elements from `start` on, of which `gradient` holds the gradients. Elements whose gradient isn't finite keep
/// their values; the result says whether there are any.
CVAE_INLINE uint32_t adam_run(
    const cvae_adam_tensor *tensor, constants c, size_t start, const float *restrict gradient,
    size_t n) {
  float *restrict w = tensor->weights + start, *restrict first = tensor->first + start;
  float *restrict second = tensor->second + start;
  uint32_t trouble = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t infinite = (to_bits(gradient[i]) & 0x7f800000u) == 0x7f800000u;
    float g = gradient[i] * c.scale + c.added * w[i];
    float m = c.beta1 * first[i] + (1.0f - c.beta1) * g;
    float v = c.beta2 * second[i] + (1.0f - c.beta2) * g * g;
    float moved = c.kept * w[i] - c.step * m / (square_root(v) * c.root + c.epsilon);
    first[i] = infinite ? first[i] : m;
    second[i] = infinite ? second[i] : v;
    w[i] = infinite ? w[i] : moved;
    trouble |= infinite;
  }
  return trouble;
}

/// Calls `action` for each run of `count` elements, of the `n` from `start` on, that lie side by side `at` a place in the
/// weights and at another `place` in the gradient: all of them, or the rows of panels.
#define EACH_RUN(tensor, start, n, action) \
  do { \
    cvae_panels panels = (tensor)->panels; \
    if (panels.width == 0) { \
      size_t at = (start), place = (start), count = (n); \
      action \
      break; \
    } \
    size_t row = (start) / panels.width % panels.padded_rows; \
    size_t column = (start) / panels.width / panels.padded_rows * panels.width; \
    for (size_t at = (start); at < (start) + (n); at += panels.width) { \
      if (row < panels.rows) { \
        size_t place = row * panels.columns + column, rest = panels.columns - column; \
        if (panels.width == 64 && rest >= 64) { \
          /* The usual width, as a constant. */ \
          size_t count = 64; \
          action \
        } else { \
          size_t count = rest < panels.width ? rest : panels.width; \
          action \
        } \
      } \
      if (++row == panels.padded_rows) { \
        row = 0; \
        column += panels.width; \
      } \
    } \
  } while (0)

/// `n` numbers of the gradient from `place` on: where they lie, or the ranks' sum in `sums`. The order of the sum is that of
/// the ranks, so it is the same however the loop is split.
CVAE_INLINE const float *gradient_run(
    const cvae_adam_tensor *tensor, cvae_shares shares, size_t place, size_t n,
    float *restrict sums) {
  if (!tensor->gradients) return tensor->gradient + place;
  for (size_t i = 0; i < n; i++) sums[i] = 0;
  for (size_t rank = 0; rank < shares.count; rank++) {
    float share = shares.values[rank];
    const float *restrict x = tensor->gradients[rank] + place;
    // What doesn't count may hold anything.
    if (share == 0) continue;
    for (size_t i = 0; i < n; i++) sums[i] += share * x[i];
  }
  return sums;
}

CVAE_INLINE uint32_t adam_block(
    const cvae_adam_tensor *tensor, cvae_shares shares, constants c, size_t start, size_t n) {
  float sums[BLOCK];
  uint32_t trouble = 0;
  EACH_RUN(tensor, start, n, {
    const float *gradient = gradient_run(tensor, shares, place, count, sums);
    trouble |= adam_run(tensor, c, at, gradient, count);
  });
  return trouble;
}

CVAE_CLONES(adam_body) {
  const arguments *a = data;
  constants c = constants_of(&a->rule);
  uint32_t trouble = 0;
  EACH_BLOCK(a, begin, end, {
    trouble |= adam_block(tensor, a->shares, c, start, n);
    if (tensor->copy) copy_block(tensor, start, n);
  });
  if (trouble) __atomic_store_n(a->trouble, 1u, __ATOMIC_RELAXED);
}

bool cvae_adam(
    const cvae_adam_tensor *tensors, size_t tensor_count, cvae_adam_rule rule, cvae_shares shares,
    int threads) {
  uint32_t trouble = 0;
  arguments a = {tensors, tensor_count, rule, shares, 0, &trouble};
  cvae_run(adam_body, &a, block_count(tensors, tensor_count), 1, 8 * BLOCK, threads);
  return trouble == 0;
}

CVAE_CLONES(copy_body) {
  const arguments *a = data;
  EACH_BLOCK(a, begin, end, {
    if (tensor->copy) copy_block(tensor, start, n);
  });
}

void cvae_adam_copy(const cvae_adam_tensor *tensors, size_t tensor_count, int threads) {
  arguments a = {.tensors = tensors, .tensor_count = tensor_count};
  cvae_run(copy_body, &a, block_count(tensors, tensor_count), 1, BLOCK, threads);
}

#pragma clang fp reassociate(on) contract(fast)

/// How many numbers a gradient has.
CVAE_INLINE size_t gradient_count(const cvae_adam_tensor *tensor) {
  return tensor->panels.width > 0 ? tensor->panels.rows * tensor->panels.columns : tensor->count;
}

CVAE_INLINE float square_block(
    const cvae_adam_tensor *tensor, cvae_shares shares, size_t start, size_t n) {
  float sum = 0;
  if (tensor->gradients) {
    // In the order of the weights, whatever that of the gradients, so that the sum is the same.
    float sums[BLOCK];
    for (size_t i = 0; i < n; i++) sums[i] = 0;
    EACH_RUN(tensor, start, n, { gradient_run(tensor, shares, place, count, sums + (at - start)); });
    for (size_t i = 0; i < n; i++) sum += sums[i] * sums[i];
    return sum;
  }
  size_t count = gradient_count(tensor), end = start + n < count ? start + n : count;
  for (size_t i = start; i < end; i++) sum += tensor->gradient[i] * tensor->gradient[i];
  return sum;
}

// A fixed number of partial sums, each of a fixed set of blocks, whatever the threads.
#define PARTS 64

CVAE_CLONES(square_body) {
  const arguments *a = data;
  size_t blocks = block_count(a->tensors, a->tensor_count);
  for (size_t part = begin; part < end; part++) {
    size_t low = blocks * part / PARTS, high = blocks * (part + 1) / PARTS;
    double sum = 0;
    EACH_BLOCK(a, low, high, { sum += (double)square_block(tensor, a->shares, start, n); });
    a->partial[part] = sum;
  }
}

double cvae_gradient_square(
    const cvae_adam_tensor *tensors, size_t tensor_count, cvae_shares shares, int threads) {
  double partial[PARTS], sum = 0;
  arguments a = {
      .tensors = tensors, .tensor_count = tensor_count, .shares = shares, .partial = partial};
  size_t blocks = block_count(tensors, tensor_count);
  cvae_run(square_body, &a, PARTS, 1, blocks * BLOCK / PARTS + 1, threads);
  for (int part = 0; part < PARTS; part++) sum += partial[part];
  return sum;
}
