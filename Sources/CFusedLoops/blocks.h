/// Pictures in blocks of channels, as loops over vectors see them.
#ifndef CVAE_BLOCKS_H
#define CVAE_BLOCKS_H

#include "elementwise.h"

/// What lies outside of a picture; as long as the longest vector.
static const float no_channels[16];

CVAE_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// Bodies that choose the width of their vectors by the blocks of channels. `name_8` and `name_16`
/// treat one part each.
#define FOR_EACH_PART(arguments, name) \
  CVAE_CLONES static void name##_body(const void *data, size_t begin, size_t end) { \
    const arguments *a = data; \
    for (size_t part = begin; part < end; part++) \
      if (a->block == 16) \
        name##_16(a, part); \
      else \
        name##_8(a, part); \
  }

#endif
