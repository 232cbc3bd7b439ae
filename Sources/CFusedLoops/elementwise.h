/// Elementwise functions of a run of numbers, for loops that end in one.
#ifndef CVAE_ELEMENTWISE_H
#define CVAE_ELEMENTWISE_H

#include "mathematics.h"

// A result may lie in an operand's place, but never beside it; the compiler would check, and then go one by
// one.
#define IN_PLACE _Pragma("clang loop vectorize(assume_safety)")

/// All functions; EACH is a loop over `v` that stores the expression.
#define UNARY_CASES(EACH) \
  case CVAE_NEGATE: EACH(-v); break; \
  case CVAE_EXP: EACH(expf_fast(v)); break; \
  case CVAE_LOG: EACH(logf_fast(v)); break; \
  case CVAE_SQUARE_ROOT: EACH(square_root(v)); break; \
  case CVAE_SQUARE: EACH(v * v); break; \
  case CVAE_RELU: EACH(rectified(v)); break; \
  case CVAE_LEAKY_RELU: EACH(leaky(v, slope)); break; \
  case CVAE_SILU: EACH(v * sigmoidf(v)); break; \
  case CVAE_TANH: EACH(tanhf_fast(v)); break; \
  case CVAE_SIGMOID: EACH(sigmoidf(v)); break; \
  case CVAE_SOFTPLUS: EACH(softplusf(v)); break;

#define EACH_NUMBER(expression) \
  IN_PLACE \
  for (size_t i = 0; i < n; i++) { float v = x[i]; r[i] = (expression); }

/// `r` may be `x`.
CVAE_INLINE void unary_line(
    cvae_unary_function function, float slope, const float *x, float *r, size_t n) {
  switch (function) { UNARY_CASES(EACH_NUMBER) }
}

#undef EACH_NUMBER

#endif
