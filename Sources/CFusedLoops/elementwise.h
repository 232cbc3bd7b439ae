/// Elementwise functions of a run of numbers, for loops that end in one.
#ifndef CVAE_ELEMENTWISE_H
#define CVAE_ELEMENTWISE_H

#include "mathematics.h"

// A result may lie in an operand's place, but never beside it; the compiler would check, and then go one by
// one.
#define IN_PLACE _Pragma("clang loop vectorize(assume_safety)")

#define EACH(expression) \
  IN_PLACE \
  for (size_t i = 0; i < n; i++) { float v = x[i]; r[i] = (expression); } \
  break

/// `r` may be `x`.
CVAE_INLINE void unary_line(
    cvae_unary_function function, float slope, const float *x, float *r, size_t n) {
  switch (function) {
  case CVAE_NEGATE: EACH(-v);
  case CVAE_EXP: EACH(expf_fast(v));
  case CVAE_LOG: EACH(logf_fast(v));
  case CVAE_SQUARE_ROOT: EACH(square_root(v));
  case CVAE_SQUARE: EACH(v * v);
  case CVAE_RELU: EACH(v < 0.0f ? 0.0f : v);
  case CVAE_LEAKY_RELU: EACH(v < 0.0f ? slope * v : v);
  case CVAE_SILU: EACH(v * sigmoidf(v));
  case CVAE_TANH: EACH(tanhf_fast(v));
  case CVAE_SIGMOID: EACH(sigmoidf(v));
  case CVAE_SOFTPLUS: EACH(softplusf(v));
  }
}

#undef EACH

#endif
