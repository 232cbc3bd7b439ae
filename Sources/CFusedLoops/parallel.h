/// Splitting of loops over threads, and what the loops share.
#ifndef CVAE_PARALLEL_H
#define CVAE_PARALLEL_H

#include "fused_loops.h"

/// Work on units `begin` to `end`.
typedef void (*cvae_body)(const void *arguments, size_t begin, size_t end);

#define CVAE_INLINE static inline __attribute__((always_inline))

/// Begins a body that is compiled once for each instruction set: `CVAE_CLONES(name) { … }` defines a
/// `cvae_body` of that name, whose parameters are `data`, `begin` and `end`.
#if defined(__x86_64__)
// x86-64-v3 and x86-64-v4, but for tuning: clang's for the latter keeps to vectors of half the length.
#define CVAE_AVX2_FEATURES "avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,popcnt"
#define CVAE_AVX512_FEATURES CVAE_AVX2_FEATURES ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"
#define CVAE_CLONE(name, features) \
  __attribute__((target(features))) static void name( \
      const void *data, size_t begin, size_t end)
#define CVAE_CLONES(name) \
  CVAE_INLINE void name##_anywhere(const void *data, size_t begin, size_t end); \
  CVAE_CLONE(name##_avx512, CVAE_AVX512_FEATURES) { name##_anywhere(data, begin, end); } \
  CVAE_CLONE(name##_avx2, CVAE_AVX2_FEATURES) { name##_anywhere(data, begin, end); } \
  static void name(const void *data, size_t begin, size_t end) { \
    switch (cvae_loops_instructions()) { \
    case CVAE_AVX512: return name##_avx512(data, begin, end); \
    case CVAE_AVX2: return name##_avx2(data, begin, end); \
    case CVAE_LEAST_INSTRUCTIONS: return name##_anywhere(data, begin, end); \
    } \
  } \
  CVAE_INLINE void name##_anywhere(const void *data, size_t begin, size_t end)
#else
#define CVAE_CLONES(name) static void name(const void *data, size_t begin, size_t end)
#endif

/// Runs `body` over `0..<count` in equal parts, whose borders are multiples of `multiple`; alone
/// when the whole costs less than it takes to wake a thread. `cost` is a unit's in elements.
void cvae_run(
    cvae_body body, const void *arguments, size_t count, size_t multiple, size_t cost,
    int threads);

#endif
