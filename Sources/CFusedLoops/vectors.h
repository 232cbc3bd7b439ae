// Vectors of LANES numbers. Included anew for each width, with NAMED to make the names differ.

#undef vector
#undef unaligned
#define vector NAMED(vector)
#define unaligned NAMED(unaligned)

typedef float vector __attribute__((ext_vector_type(LANES)));
/// The same anywhere in memory.
typedef float unaligned __attribute__((ext_vector_type(LANES), aligned(4), may_alias));

#undef LOAD
#undef STORE
#define LOAD(from) (*(const unaligned *)(from))
#define STORE(to, v) (*(unaligned *)(to) = (v))

#undef words
#undef halves
#define words NAMED(words)
#define halves NAMED(halves)

typedef uint32_t words __attribute__((ext_vector_type(LANES)));
typedef uint16_t halves __attribute__((ext_vector_type(LANES), aligned(2), may_alias));

/// Numbers of `type`, a constant, from element `i` on.
CVAE_INLINE vector NAMED(load_as)(const void *from, size_t i, const cvae_type type) {
  if (type == CVAE_FLOAT32) return LOAD((const float *)from + i);
  halves bits = *(const halves *)((const uint16_t *)from + i);
  words wide = __builtin_convertvector(bits, words) << 16;
  return (vector)wide;
}

/// Stores numbers as `type`, a constant; as `to_bfloat16` rounds.
CVAE_INLINE void NAMED(store_as)(void *to, size_t i, const cvae_type type, vector v) {
  if (type == CVAE_FLOAT32) {
    STORE((float *)to + i, v);
    return;
  }
  words bits = (words)v;
  words rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  words chosen = v != v ? (words)0x7fc0u : rounded;
  *(halves *)((uint16_t *)to + i) = __builtin_convertvector(chosen, halves);
}
