/// Branch-free single-precision functions, of one number and of 16 at once.
#ifndef CVAE_MATHEMATICS_H
#define CVAE_MATHEMATICS_H

#include "parallel.h"

#define CVAE_OVERLOADED CVAE_INLINE __attribute__((overloadable))

/// 16 numbers: one vector or several, as the instruction set has them.
typedef float numbers __attribute__((ext_vector_type(16)));
typedef int32_t whole_numbers __attribute__((ext_vector_type(16)));
typedef uint32_t bit_patterns __attribute__((ext_vector_type(16)));
typedef uint16_t half_patterns __attribute__((ext_vector_type(16)));

// Functions by value, of either shape. Names that end in an underscore are the macros' own.
#define CVAE_TYPE_CALL(type, function, x) \
  ({ \
    __auto_type argument_ = (x); \
    type value_; \
    function(&value_, &argument_); \
    value_; \
  })
#define CVAE_CALL(function, x) \
  ({ \
    __auto_type argument_ = (x); \
    __typeof__(argument_) value_; \
    function(&value_, &argument_); \
    value_; \
  })
#define CVAE_CALL_2(function, x, y, ...) \
  ({ \
    __auto_type first_ = (x); \
    __typeof__(first_) second_ = (y), value_; \
    function(&value_, &first_, &second_, ##__VA_ARGS__); \
    value_; \
  })
#define CVAE_REAL(x) __typeof__(_Generic((x), uint32_t: 0.0f, int32_t: 0.0f, default: (numbers)0.0f))
#define CVAE_BITS(x) __typeof__(_Generic((x), float: 0u, default: (bit_patterns)0u))
#define from_bits(x) CVAE_TYPE_CALL(CVAE_REAL(x), from_bits_at, x)
#define to_bits(x) CVAE_TYPE_CALL(CVAE_BITS(x), to_bits_at, x)
#define converted(x) CVAE_TYPE_CALL(CVAE_REAL(x), converted_at, x)
#define expf_fast(x) CVAE_CALL(expf_fast_at, x)
#define exp_of_negative(x) CVAE_CALL(exp_of_negative_at, x)
#define logf_fast(x) CVAE_CALL(logf_fast_at, x)
#define log1pf_fast(x) CVAE_CALL(log1pf_fast_at, x)
#define square_root(x) CVAE_CALL(square_root_at, x)
#define absolute(x) CVAE_CALL(absolute_at, x)
#define negated_size(x) CVAE_CALL(negated_size_at, x)
#define softplusf(x) CVAE_CALL(softplusf_at, x)
#define sigmoidf(x) CVAE_CALL(sigmoidf_at, x)
#define tanhf_fast(x) CVAE_CALL(tanhf_fast_at, x)
#define rectified(x) CVAE_CALL(rectified_at, x)
#define leaky(x, slope) \
  ({ \
    __auto_type argument_ = (x); \
    __typeof__(argument_) value_; \
    leaky_at(&value_, &argument_, slope); \
    value_; \
  })
#define bernoulli_linear(l, x) CVAE_CALL_2(bernoulli_linear_at, l, x)
#define negation_gradient(v, u) CVAE_CALL_2(negation_gradient_at, v, u)
#define relu_gradient(v, u) CVAE_CALL_2(relu_gradient_at, v, u)
#define leaky_gradient(v, u, slope) CVAE_CALL_2(leaky_gradient_at, v, u, slope)
#define silu_gradient(v, u) CVAE_CALL_2(silu_gradient_at, v, u)

CVAE_OVERLOADED void converted_at(float *result, const int32_t *x) { *result = (float)*x; }
CVAE_OVERLOADED void converted_at(numbers *result, const whole_numbers *x) {
  *result = __builtin_convertvector(*x, numbers);
}

#define REAL float
#define WHOLE int32_t
#define BITS uint32_t
#include "functions.h"
#undef REAL
#undef WHOLE
#undef BITS
#define REAL numbers
#define WHOLE whole_numbers
#define BITS bit_patterns
#include "functions.h"
#undef REAL
#undef WHOLE
#undef BITS

CVAE_INLINE float from_bfloat16(uint16_t x) { return from_bits((uint32_t)x << 16); }

/// Rounds to nearest, ties to even; NaN stays NaN.
CVAE_INLINE uint16_t to_bfloat16(float x) {
  uint32_t bits = to_bits(x);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return (uint16_t)(x != x ? 0x7fc0u : rounded);
}

// 16 numbers anywhere in memory.
CVAE_OVERLOADED void load_at(numbers *result, const float *from) {
  __builtin_memcpy(result, from, sizeof *result);
}

CVAE_OVERLOADED void load_at(numbers *result, const uint16_t *from) {
  half_patterns x;
  __builtin_memcpy(&x, from, sizeof x);
  *result = from_bits(__builtin_convertvector(x, bit_patterns) << 16);
}

CVAE_OVERLOADED void store_at(float *to, const numbers *x) {
  __builtin_memcpy(to, x, sizeof *x);
}

CVAE_OVERLOADED void store_at(uint16_t *to, const numbers *x) {
  bit_patterns bits = to_bits(*x);
  bit_patterns rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  rounded = *x != *x ? (bit_patterns)0x7fc0u : rounded;
  half_patterns halves = __builtin_convertvector(rounded, half_patterns);
  __builtin_memcpy(to, &halves, sizeof halves);
}

#define load_16(from) \
  ({ \
    numbers value_; \
    load_at(&value_, from); \
    value_; \
  })
#define store_16(to, x) \
  do { \
    numbers value_ = (x); \
    store_at(to, &value_); \
  } while (0)

#endif
