// Includes LOOPS for vectors of 8 numbers, then of 16; names end in the width.

#define LANES 8
#define NAMED(name) name##_8
#include LOOPS
#undef LANES
#undef NAMED
#define LANES 16
#define NAMED(name) name##_16
#include LOOPS
#undef LANES
#undef NAMED
#undef LOOPS
