// Branch-free single-precision functions. Included once for each shape that a number has: REAL, with WHOLE
// and BITS of the same shape.

CVAE_OVERLOADED REAL from_bits(BITS bits) {
  REAL value;
  __builtin_memcpy(&value, &bits, sizeof bits);
  return value;
}

CVAE_OVERLOADED BITS to_bits(REAL value) {
  BITS bits;
  __builtin_memcpy(&bits, &value, sizeof value);
  return bits;
}

/// e^x: two-part reduction by log 2, then a polynomial of degree 6. 0 below -103, infinity above
/// 88.73.
CVAE_OVERLOADED REAL expf_fast(REAL x) {
  REAL bounded = x > (REAL)89.0f ? (REAL)89.0f : x;
  bounded = bounded < (REAL)-104.0f ? (REAL)-104.0f : bounded;
  REAL shifted = bounded * 1.44269504088896341f + 12582912.0f;
  REAL whole = shifted - 12582912.0f;
  WHOLE power = (WHOLE)(to_bits(shifted) - 0x4b400000u);
  REAL r = bounded - whole * 0.693359375f;
  r = r + whole * 2.12194440e-4f;
  REAL p = (REAL)1.3888889e-3f;
  p = p * r + 8.3333333e-3f;
  p = p * r + 4.1666667e-2f;
  p = p * r + 1.6666667e-1f;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  WHOLE half = power >> 1;
  REAL low = from_bits((BITS)(half + 127) << 23);
  REAL high = from_bits((BITS)(power - half + 127) << 23);
  return p * low * high;
}

/// e^x for x of 0 or less, in fewer steps; 0 where it is below the least normal number.
CVAE_OVERLOADED REAL exp_of_negative(REAL x) {
  // The shift's lowest bits are the power, and what a float's exponent adds to it.
  REAL shifted = x * 1.44269504088896341f + 12583039.0f;
  REAL whole = shifted - 12583039.0f;
  REAL r = x - whole * 0.693359375f;
  r = r + whole * 2.12194440e-4f;
  REAL p = (REAL)1.3888889e-3f;
  p = p * r + 8.3333333e-3f;
  p = p * r + 4.1666667e-2f;
  p = p * r + 1.6666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  REAL power = p * from_bits(to_bits(shifted) << 23);
  return x < (REAL)-87.3f ? (REAL)0.0f : power;
}

/// Natural logarithm; -infinity at 0, NaN below. Source of the polynomial: Cephes, logf.
CVAE_OVERLOADED REAL logf_fast(REAL x) {
  REAL scaled = x < (REAL)1.17549435e-38f ? x * 8388608.0f : x;
  REAL shift = x < (REAL)1.17549435e-38f ? (REAL)-23.0f : (REAL)0.0f;
  BITS bits = to_bits(scaled);
  BITS offset = bits - 0x3f3504f3u;
  REAL exponent = converted((WHOLE)offset >> 23) + shift;
  REAL m = from_bits((offset & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  REAL z = m * m;
  REAL p = (REAL)7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  REAL y = m * z * p + exponent * -2.12194440e-4f - 0.5f * z;
  REAL log = m + y + exponent * 0.693359375f;
  log = x == (REAL)__builtin_inff() ? x : log;
  log = x == (REAL)0.0f ? (REAL)-__builtin_inff() : log;
  return ((x < (REAL)0.0f) | (x != x)) ? (REAL)__builtin_nanf("") : log;
}

/// log(1 + e) for e in [0, 1], exact to rounding also where e is tiny: a polynomial whose largest
/// relative error is 5e-9.
CVAE_OVERLOADED REAL log1pf_fast(REAL e) {
  REAL p = (REAL)-3.31847323e-3f;
  p = p * e + 2.02045888e-2f;
  p = p * e - 5.76644503e-2f;
  p = p * e + 1.06805563e-1f;
  p = p * e - 1.53553963e-1f;
  p = p * e + 1.96954012e-1f;
  p = p * e - 2.49585882e-1f;
  p = p * e + 3.33305120e-1f;
  p = p * e - 4.99999315e-1f;
  return p * e * e + e;
}

/// The square root as an instruction; the library's function sets `errno`, which keeps a loop from
/// being vectorised.
CVAE_OVERLOADED REAL square_root(REAL x) {
  return __builtin_elementwise_sqrt(x);
}

CVAE_OVERLOADED REAL absolute(REAL x) {
  return from_bits(to_bits(x) & 0x7fffffffu);
}

/// -|x|
CVAE_OVERLOADED REAL negated_size(REAL x) {
  return from_bits(to_bits(x) | 0x80000000u);
}

CVAE_OVERLOADED REAL softplusf(REAL x) {
  return (((x > (REAL)0.0f) | (x != x)) ? x : (REAL)0.0f) + log1pf_fast(exp_of_negative(negated_size(x)));
}

CVAE_OVERLOADED REAL sigmoidf(REAL x) {
  REAL small = exp_of_negative(negated_size(x));
  return (x < (REAL)0.0f ? small : (REAL)1.0f) / (1.0f + small);
}

/// The part of x·l - softplus(l) that is left beside log(1 + e^-|l|); its large terms cancel exactly.
CVAE_OVERLOADED REAL bernoulli_linear(REAL l, REAL x) {
  return x * l - (((l > (REAL)0.0f) | (l != l)) ? l : (REAL)0.0f);
}

CVAE_OVERLOADED REAL tanhf_fast(REAL x) {
  REAL size = absolute(x);
  REAL e = exp_of_negative(-2.0f * size);
  REAL far = (1.0f - e) / (1.0f + e);
  REAL z = size * size;
  REAL p = (REAL)-8.8632355e-3f;
  p = p * z + 2.1869488e-2f;
  p = p * z - 5.3968254e-2f;
  p = p * z + 1.3333333e-1f;
  p = p * z - 3.3333333e-1f;
  REAL near = size + size * z * p;
  REAL of_size = size < (REAL)0.3f ? near : far;
  return x < (REAL)0.0f ? -of_size : of_size;
}

CVAE_OVERLOADED REAL rectified(REAL x) {
  return x < (REAL)0.0f ? (REAL)0.0f : x;
}

CVAE_OVERLOADED REAL leaky(REAL x, float slope) {
  return x < (REAL)0.0f ? slope * x : x;
}

// Gradients: `u` is the upstream one; `v` the function's output where its slope reads that, else its
// input.

CVAE_OVERLOADED REAL negation_gradient(REAL v, REAL u) {
  return v == v ? -u : v;
}

CVAE_OVERLOADED REAL relu_gradient(REAL v, REAL u) {
  return v > (REAL)0.0f ? u : (REAL)0.0f;
}

CVAE_OVERLOADED REAL leaky_gradient(REAL v, REAL u, float slope) {
  return v > (REAL)0.0f ? u : slope * u;
}

CVAE_OVERLOADED REAL silu_gradient(REAL v, REAL u) {
  REAL s = sigmoidf(v);
  return u * s * (1.0f + v * (1.0f - s));
}
