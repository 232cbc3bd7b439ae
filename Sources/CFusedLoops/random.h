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

/// A number in (0, 1); the largest would round to 1 and is the one below it instead.
CVAE_INLINE float unit(uint32_t bits) {
  float number = ((float)(int32_t)(bits >> 8) + 0.5f) * 0x1p-24f;
  return number < 0x1.fffffep-1f ? number : 0x1.fffffep-1f;
}

/// Cosine and sine of 2·pi·u for u in (0, 1), by quadrant.
CVAE_INLINE void circle(float u, float *cosine, float *sine) {
  float shifted = 4.0f * u + 12582912.0f;
  float quadrant = shifted - 12582912.0f;
  int32_t turn = (int32_t)(to_bits(shifted) & 3u);
  float r = (u - 0.25f * quadrant) * 6.28318530717958648f, z = r * r;
  float s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
  float c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z
                * z - 0.5f * z + 1.0f;
  float first = turn & 1 ? s : c, second = turn & 1 ? c : s;
  *cosine = turn == 1 || turn == 2 ? -first : first;
  *sine = turn >= 2 ? -second : second;
}

#endif
