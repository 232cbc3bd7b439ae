/// Philox's random numbers, for loops that draw.
#ifndef CVAE_RANDOM_H
#define CVAE_RANDOM_H

#include "mathematics.h"

typedef struct {
  uint32_t word[4];
} block;

/// Philox 4x32 with 10 rounds. Source: Salmon et al., Parallel Random Numbers, 2011.
CVAE_INLINE block philox(uint64_t seed, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3) {
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)c0 * 0xd2511f53u, p1 = (uint64_t)c2 * 0xcd9e8d57u;
    uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    c0 = n0;
    c2 = n2;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return (block){{c0, c1, c2, c3}};
}

/// 8 blocks at once, for records, steps and so on that they share; each word in the low half of a lane, whose
/// high half is anything.
typedef uint64_t wide_words __attribute__((ext_vector_type(8)));

CVAE_INLINE void philox_8(
    uint64_t seed, uint32_t first, uint32_t record, uint32_t step, uint32_t stream,
    wide_words c[4]) {
  const wide_words low = (wide_words)(uint64_t)0xffffffffu;
  const wide_words places = {0, 1, 2, 3, 4, 5, 6, 7};
  wide_words c0 = places + (wide_words)(uint64_t)first, c1 = (wide_words)(uint64_t)record;
  wide_words c2 = (wide_words)(uint64_t)step, c3 = (wide_words)(uint64_t)stream;
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    wide_words p0 = (c0 & low) * (wide_words)(uint64_t)0xd2511f53u;
    wide_words p1 = (c2 & low) * (wide_words)(uint64_t)0xcd9e8d57u;
    c0 = (p1 >> 32) ^ c1 ^ (wide_words)(uint64_t)k0;
    c2 = (p0 >> 32) ^ c3 ^ (wide_words)(uint64_t)k1;
    c1 = p1;
    c3 = p0;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  c[0] = c0;
  c[1] = c1;
  c[2] = c2;
  c[3] = c3;
}

#define FUNCTIONS "circle.h"
#include "each_shape.h"

#endif
