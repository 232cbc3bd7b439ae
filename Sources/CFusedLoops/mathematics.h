/// Branch-free single-precision functions, of one number and of 16 at once.
#ifndef CVAE_MATHEMATICS_H
#define CVAE_MATHEMATICS_H

#include "parallel.h"

// Vectors pass between inlined functions alone, so that no ABI is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

#define CVAE_OVERLOADED CVAE_INLINE __attribute__((overloadable))

/// 16 numbers: one vector or several, as the instruction set has them.
typedef float numbers __attribute__((ext_vector_type(16)));
typedef int32_t whole_numbers __attribute__((ext_vector_type(16)));
typedef uint32_t bit_patterns __attribute__((ext_vector_type(16)));
typedef uint16_t half_patterns __attribute__((ext_vector_type(16)));

CVAE_OVERLOADED float converted(int32_t x) { return (float)x; }
CVAE_OVERLOADED numbers converted(whole_numbers x) { return __builtin_convertvector(x, numbers); }

#define FUNCTIONS "functions.h"
#include "each_shape.h"

CVAE_INLINE float from_bfloat16(uint16_t x) { return from_bits((uint32_t)x << 16); }

/// Rounds to nearest, ties to even; NaN stays NaN.
CVAE_INLINE uint16_t to_bfloat16(float x) {
  uint32_t bits = to_bits(x);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return (uint16_t)(x != x ? 0x7fc0u : rounded);
}

// 16 numbers anywhere in memory.
CVAE_OVERLOADED numbers load_16(const float *from) {
  numbers x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

CVAE_OVERLOADED numbers load_16(const uint16_t *from) {
  half_patterns x;
  __builtin_memcpy(&x, from, sizeof x);
  return from_bits(__builtin_convertvector(x, bit_patterns) << 16);
}

CVAE_OVERLOADED void store_16(float *to, numbers x) { __builtin_memcpy(to, &x, sizeof x); }

CVAE_OVERLOADED void store_16(uint16_t *to, numbers x) {
  bit_patterns bits = to_bits(x);
  bit_patterns rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  rounded = x != x ? (bit_patterns)0x7fc0u : rounded;
  half_patterns halves = __builtin_convertvector(rounded, half_patterns);
  __builtin_memcpy(to, &halves, sizeof halves);
}

#endif
