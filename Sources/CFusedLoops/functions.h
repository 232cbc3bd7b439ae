// Branch-free single-precision functions. Included once for each shape that a number has: REAL, with WHOLE
// and BITS of the same shape. Results and arguments go by reference, since vectors by value go differently in
// each instruction set; mathematics.h has the same by value.

CVAE_OVERLOADED void from_bits_at(REAL *result, const BITS *bits_value) {
  BITS bits = *bits_value;
  __builtin_memcpy(result, &bits, sizeof bits);
}

CVAE_OVERLOADED void to_bits_at(BITS *result, const REAL *value_value) {
  REAL value = *value_value;
  __builtin_memcpy(result, &value, sizeof value);
}

/// e^x: two-part reduction by log 2, then a polynomial of degree 6. 0 below -103, infinity above
/// 88.73.
CVAE_OVERLOADED void expf_fast_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
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
  *result = p * low * high;
}

/// e^x for x of 0 or less, in fewer steps; 0 where it is below the least normal number.
CVAE_OVERLOADED void exp_of_negative_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
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
  *result = x < (REAL)-87.3f ? (REAL)0.0f : power;
}

/// Natural logarithm; -infinity at 0, NaN below. Source of the polynomial: Cephes, logf.
CVAE_OVERLOADED void logf_fast_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
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
  *result = ((x < (REAL)0.0f) | (x != x)) ? (REAL)__builtin_nanf("") : log;
}

/// log(1 + e) for e in [0, 1], exact to rounding also where e is tiny: a polynomial whose largest
/// relative error is 5e-9.
CVAE_OVERLOADED void log1pf_fast_at(REAL *result, const REAL *e_value) {
  REAL e = *e_value;
  REAL p = (REAL)-3.31847323e-3f;
  p = p * e + 2.02045888e-2f;
  p = p * e - 5.76644503e-2f;
  p = p * e + 1.06805563e-1f;
  p = p * e - 1.53553963e-1f;
  p = p * e + 1.96954012e-1f;
  p = p * e - 2.49585882e-1f;
  p = p * e + 3.33305120e-1f;
  p = p * e - 4.99999315e-1f;
  *result = p * e * e + e;
}

/// The square root as an instruction; the library's function sets `errno`, which keeps a loop from
/// being vectorised.
CVAE_OVERLOADED void square_root_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
  *result = __builtin_elementwise_sqrt(x);
}

CVAE_OVERLOADED void absolute_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
  *result = from_bits(to_bits(x) & 0x7fffffffu);
}

/// -|x|
CVAE_OVERLOADED void negated_size_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
  *result = from_bits(to_bits(x) | 0x80000000u);
}

CVAE_OVERLOADED void softplusf_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
  *result = (((x > (REAL)0.0f) | (x != x)) ? x : (REAL)0.0f)
         + log1pf_fast(exp_of_negative(negated_size(x)));
}

CVAE_OVERLOADED void sigmoidf_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
  REAL small = exp_of_negative(negated_size(x));
  *result = (x < (REAL)0.0f ? small : (REAL)1.0f) / (1.0f + small);
}

/// The part of x·l - softplus(l) that is left beside log(1 + e^-|l|); its large terms cancel exactly.
CVAE_OVERLOADED void bernoulli_linear_at(REAL *result, const REAL *l_value, const REAL *x_value) {
  REAL l = *l_value;
  REAL x = *x_value;
  *result = x * l - (((l > (REAL)0.0f) | (l != l)) ? l : (REAL)0.0f);
}

CVAE_OVERLOADED void tanhf_fast_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
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
  *result = x < (REAL)0.0f ? -of_size : of_size;
}

CVAE_OVERLOADED void rectified_at(REAL *result, const REAL *x_value) {
  REAL x = *x_value;
  *result = x < (REAL)0.0f ? (REAL)0.0f : x;
}

CVAE_OVERLOADED void leaky_at(REAL *result, const REAL *x_value, float slope) {
  REAL x = *x_value;
  *result = x < (REAL)0.0f ? slope * x : x;
}

// Gradients: `u` is the upstream one; `v` the function's output where its slope reads that, else its
// input.

CVAE_OVERLOADED void negation_gradient_at(REAL *result, const REAL *v_value, const REAL *u_value) {
  REAL v = *v_value;
  REAL u = *u_value;
  *result = v == v ? -u : v;
}

CVAE_OVERLOADED void relu_gradient_at(REAL *result, const REAL *v_value, const REAL *u_value) {
  REAL v = *v_value;
  REAL u = *u_value;
  *result = v > (REAL)0.0f ? u : (REAL)0.0f;
}

CVAE_OVERLOADED void leaky_gradient_at(
    REAL *result, const REAL *v_value, const REAL *u_value, float slope) {
  REAL v = *v_value;
  REAL u = *u_value;
  *result = v > (REAL)0.0f ? u : slope * u;
}

CVAE_OVERLOADED void silu_gradient_at(REAL *result, const REAL *v_value, const REAL *u_value) {
  REAL v = *v_value;
  REAL u = *u_value;
  REAL s = sigmoidf(v);
  *result = u * s * (1.0f + v * (1.0f - s));
}
