// Includes FUNCTIONS for one number, then for 16; overloads tell them apart.

#define REAL float
#define WHOLE int32_t
#define BITS uint32_t
#include FUNCTIONS
#undef REAL
#undef WHOLE
#undef BITS
#define REAL numbers
#define WHOLE whole_numbers
#define BITS bit_patterns
#include FUNCTIONS
#undef REAL
#undef WHOLE
#undef BITS
#undef FUNCTIONS
