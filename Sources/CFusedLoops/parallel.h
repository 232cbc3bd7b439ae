/// Splitting of loops over oneDNN's OpenMP threads, and what the loops share.
#ifndef CVAE_PARALLEL_H
#define CVAE_PARALLEL_H

#include "fused_loops.h"

/// Compiled once for each instruction set, chosen when the library is loaded.
#if defined(__x86_64__)
#define CVAE_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CVAE_CLONES
#endif
#define CVAE_INLINE static inline __attribute__((always_inline))

/// Work on units `begin` to `end`.
typedef void (*cvae_body)(const void *arguments, size_t begin, size_t end);

/// Runs `body` over `0..<count` in equal parts, whose borders are multiples of `multiple`; alone
/// when the whole costs less than it takes to wake a thread. `cost` is a unit's in elements.
void cvae_run(
    cvae_body body, const void *arguments, size_t count, size_t multiple, size_t cost,
    int threads);

#endif
