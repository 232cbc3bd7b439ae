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
