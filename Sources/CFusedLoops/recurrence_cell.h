// One unit of a long short-term memory. Included once for each shape that a number has.

/// The gates' values in the place of their sums, and the new cell; the result is the output.
CVAE_OVERLOADED REAL lstm_unit(REAL *in, REAL *keep, REAL *new, REAL *out, REAL *cell) {
  *in = sigmoidf(*in);
  *keep = sigmoidf(*keep);
  *new = tanhf_fast(*new);
  *out = sigmoidf(*out);
  *cell = *keep * *cell + *in * *new;
  return *out * tanhf_fast(*cell);
}

/// The gradients by the gates' sums in the place of their values, and by the cell before in the place of the one by
/// the cell.
CVAE_OVERLOADED void lstm_unit_gradient(
    REAL *in, REAL *keep, REAL *new, REAL *out, REAL before, REAL cell, REAL by_output,
    REAL *by_cell) {
  REAL size = tanhf_fast(cell);
  REAL total = *by_cell + by_output * *out * (1.0f - size * size);
  REAL of_in = total * *new * *in * (1.0f - *in);
  REAL of_new = total * *in * (1.0f - *new * *new);
  *by_cell = total * *keep;
  *out = by_output * size * *out * (1.0f - *out);
  *keep = total * before * *keep * (1.0f - *keep);
  *in = of_in;
  *new = of_new;
}
