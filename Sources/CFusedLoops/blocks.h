/// Pictures in blocks of channels, as loops over vectors see them.
#ifndef CVAE_BLOCKS_H
#define CVAE_BLOCKS_H

#include "elementwise.h"

/// What lies outside of a picture; as long as the longest vector.
static const float no_channels[16];

CVAE_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

CVAE_INLINE size_t size_of(const cvae_type type) { return type == CVAE_FLOAT32 ? 4 : 2; }

/// Element `i` of numbers of a type.
CVAE_INLINE const void *element(const void *numbers, size_t i, const cvae_type type) {
  return (const char *)numbers + i * size_of(type);
}

/// Units of work.
typedef struct {
  size_t begin, end;
} range;

/// One of `parts` equal parts of so many units.
CVAE_INLINE range part_of(size_t count, size_t part, size_t parts) {
  return (range){count * part / parts, count * (part + 1) / parts};
}

/// A body that chooses the width of its vectors by the blocks of channels.
#define FOR_EACH_WIDTH(arguments, name) \
  CVAE_CLONES(name##_body) { \
    const arguments *a = data; \
    if (a->block == 16) \
      name##_16(a, begin, end); \
    else \
      name##_8(a, begin, end); \
  }

#endif
