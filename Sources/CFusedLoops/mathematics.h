/// Branch-free single-precision functions that a compiler can vectorise.
#ifndef CVAE_MATHEMATICS_H
#define CVAE_MATHEMATICS_H

#include "parallel.h"

CVAE_INLINE float from_bits(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return value;
}

CVAE_INLINE uint32_t to_bits(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, 4);
  return bits;
}

CVAE_INLINE float from_bfloat16(uint16_t x) { return from_bits((uint32_t)x << 16); }

/// Rounds to nearest, ties to even; NaN stays NaN.
CVAE_INLINE uint16_t to_bfloat16(float x) {
  uint32_t bits = to_bits(x);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  return (uint16_t)(x != x ? 0x7fc0u : rounded);
}

/// e^x: two-part reduction by log 2, then a polynomial of degree 6. 0 below -103, infinity above
/// 88.73.
CVAE_INLINE float expf_fast(float x) {
  float bounded = x > 89.0f ? 89.0f : x;
  bounded = bounded < -104.0f ? -104.0f : bounded;
  float shifted = bounded * 1.44269504088896341f + 12582912.0f;
  float whole = shifted - 12582912.0f;
  int32_t power = (int32_t)(to_bits(shifted) - 0x4b400000u);
  float r = bounded - whole * 0.693359375f;
  r = r + whole * 2.12194440e-4f;
  float p = 1.3888889e-3f;
  p = p * r + 8.3333333e-3f;
  p = p * r + 4.1666667e-2f;
  p = p * r + 1.6666667e-1f;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  int32_t half = power >> 1;
  float low = from_bits((uint32_t)(half + 127) << 23);
  float high = from_bits((uint32_t)(power - half + 127) << 23);
  return p * low * high;
}

/// Natural logarithm; -infinity at 0, NaN below. Source of the polynomial: Cephes, logf.
CVAE_INLINE float logf_fast(float x) {
  float scaled = x < 1.17549435e-38f ? x * 8388608.0f : x;
  float shift = x < 1.17549435e-38f ? -23.0f : 0.0f;
  uint32_t bits = to_bits(scaled);
  uint32_t offset = bits - 0x3f3504f3u;
  float exponent = (float)((int32_t)offset >> 23) + shift;
  float m = from_bits((offset & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = m * z * p + exponent * -2.12194440e-4f - 0.5f * z;
  float result = m + y + exponent * 0.693359375f;
  result = x == __builtin_inff() ? x : result;
  result = x == 0.0f ? -__builtin_inff() : result;
  return x < 0.0f || x != x ? __builtin_nanf("") : result;
}

/// log(1 + e) for e in [0, 1], exact to rounding also where e is tiny.
CVAE_INLINE float log1pf_fast(float e) {
  float u = 1.0f + e;
  return logf_fast(u) + (e - (u - 1.0f)) / u;
}

/// The square root as an instruction; the library's function sets `errno`, which keeps a loop from
/// being vectorised.
CVAE_INLINE float square_root(float x) { return __builtin_elementwise_sqrt(x); }

CVAE_INLINE float absolute(float x) { return from_bits(to_bits(x) & 0x7fffffffu); }

CVAE_INLINE float softplusf(float x) {
  return (x > 0.0f || x != x ? x : 0.0f) + log1pf_fast(expf_fast(-absolute(x)));
}

CVAE_INLINE float sigmoidf(float x) {
  float small = expf_fast(-absolute(x));
  return (x >= 0.0f || x != x ? 1.0f : small) / (1.0f + small);
}

/// The part of x·l - softplus(l) that is left beside log(1 + e^-|l|); its large terms cancel exactly.
CVAE_INLINE float bernoulli_linear(float l, float x) {
  return x * l - (l > 0.0f || l != l ? l : 0.0f);
}

CVAE_INLINE float tanhf_fast(float x) {
  float size = absolute(x);
  float e = expf_fast(-2.0f * size);
  float far = (1.0f - e) / (1.0f + e);
  float z = size * size;
  float p = -8.8632355e-3f;
  p = p * z + 2.1869488e-2f;
  p = p * z - 5.3968254e-2f;
  p = p * z + 1.3333333e-1f;
  p = p * z - 3.3333333e-1f;
  float near = size + size * z * p;
  float result = size < 0.3f ? near : far;
  return x < 0.0f ? -result : result;
}

#endif
