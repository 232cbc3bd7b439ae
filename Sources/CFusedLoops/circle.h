// From random bits to numbers; included once for each shape that a number has, as functions.h is.

/// A number in (0, 1); the largest would round to 1 and is the one below it instead.
CVAE_OVERLOADED REAL unit(BITS bits) {
  REAL number = (converted((WHOLE)(bits >> 8)) + 0.5f) * 0x1p-24f;
  return number < (REAL)0x1.fffffep-1f ? number : (REAL)0x1.fffffep-1f;
}

/// Cosine and sine of 2·pi·u for u in (0, 1), by quadrant.
CVAE_OVERLOADED void circle(REAL u, REAL *cosine, REAL *sine) {
  REAL shifted = 4.0f * u + 12582912.0f;
  REAL quadrant = shifted - 12582912.0f;
  WHOLE turn = (WHOLE)(to_bits(shifted) & 3u);
  REAL r = (u - 0.25f * quadrant) * 6.28318530717958648f, z = r * r;
  REAL s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
  REAL c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z
                * z - 0.5f * z + 1.0f;
  REAL first = (turn & 1) != (WHOLE)0 ? s : c, second = (turn & 1) != (WHOLE)0 ? c : s;
  *cosine = ((turn == (WHOLE)1) | (turn == (WHOLE)2)) ? -first : first;
  *sine = turn >= (WHOLE)2 ? -second : second;
}
