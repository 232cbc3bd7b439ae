#include "mathematics.h"

#define FUNCTIONS "recurrence_cell.h"
#include "each_shape.h"

#define LANES 16

CVAE_OVERLOADED void load(const float *from, float *x) { *x = *from; }
CVAE_OVERLOADED void load(const float *from, numbers *x) { *x = load_16(from); }
CVAE_OVERLOADED void load(const uint16_t *from, float *x) { *x = from_bfloat16(*from); }
CVAE_OVERLOADED void load(const uint16_t *from, numbers *x) { *x = load_16(from); }
CVAE_OVERLOADED void store(float *to, float x) { *to = x; }
CVAE_OVERLOADED void store(float *to, numbers x) { store_16(to, x); }
CVAE_OVERLOADED void store(uint16_t *to, float x) { *to = to_bfloat16(x); }
CVAE_OVERLOADED void store(uint16_t *to, numbers x) { store_16(to, x); }

#define LOAD(from, place, x) \
  do { \
    if ((from).type == CVAE_FLOAT32) load((const float *)(from).data + (place), &(x)); \
    else load((const uint16_t *)(from).data + (place), &(x)); \
  } while (0)
#define STORE(to, place, x) \
  do { \
    if ((to).type == CVAE_FLOAT32) store((float *)(to).data + (place), x); \
    else store((uint16_t *)(to).data + (place), x); \
  } while (0)

/// `width` units of one record from `i` on, as REAL numbers.
#define FORWARD(REAL) \
  do { \
    REAL gate[4], own, cell = (REAL)0.0f, output; \
    for (int g = 0; g < 4; g++) { \
      size_t at = g * hidden + i; \
      LOAD(a->gates, row * 4 * hidden + at, gate[g]); \
      load(shared + at, &own); \
      gate[g] += own; \
      if (product) { load(product + at, &own); gate[g] += own; } \
    } \
    if (before) load(before + i, &cell); \
    output = lstm_unit(&gate[0], &gate[1], &gate[2], &gate[3], &cell); \
    if (a->activated) \
      for (int g = 0; g < 4; g++) store(a->activated + row * 4 * hidden + g * hidden + i, gate[g]); \
    store(a->cell + row * hidden + i, cell); \
    STORE(a->output, row * hidden + i, output); \
    if (a->narrow_output) store(a->narrow_output + row * hidden + i, output); \
  } while (0)

/// A record that has ended keeps its state.
#define FROZEN(REAL) \
  do { \
    REAL cell = (REAL)0.0f, output = (REAL)0.0f; \
    if (before) { \
      load(before + i, &cell); \
      LOAD(a->output_before, row * hidden + i, output); \
    } \
    store(a->cell + row * hidden + i, cell); \
    STORE(a->output, row * hidden + i, output); \
    if (a->narrow_output) store(a->narrow_output + row * hidden + i, output); \
  } while (0)

#define EACH(PART) \
  do { \
    size_t i = 0; \
    for (; i + LANES <= hidden; i += LANES) PART(numbers); \
    for (; i < hidden; i++) PART(float); \
  } while (0)

CVAE_CLONES(lstm_body) {
  const cvae_lstm_step *a = data;
  size_t hidden = a->hidden;
  for (size_t row = begin; row < end; row++) {
    const float *before = a->cell_before ? a->cell_before + row * hidden : 0;
    if (a->place >= a->lengths[row]) {
      EACH(FROZEN);
      continue;
    }
    const float *shared = a->shared + row * a->shared_stride;
    const float *product = a->product ? a->product + row * 4 * hidden : 0;
    EACH(FORWARD);
  }
}

void cvae_lstm(cvae_lstm_step step, size_t rows, int threads) {
  cvae_run(lstm_body, &step, rows, 1, 40 * step.hidden, threads);
}

#define BACKWARD(REAL) \
  do { \
    REAL gate[4], own, cell, last = (REAL)0.0f, by_output, by_cell; \
    LOAD(a->upstream, row * hidden + i, by_output); \
    load(carried + i, &own); \
    by_output += own; \
    if (product) { load(product + i, &own); by_output += own; } \
    load(by_cells + i, &by_cell); \
    for (int g = 0; g < 4; g++) load(a->activated + row * 4 * hidden + g * hidden + i, &gate[g]); \
    load(a->cell + row * hidden + i, &cell); \
    if (before) load(before + i, &last); \
    lstm_unit_gradient( \
        &gate[0], &gate[1], &gate[2], &gate[3], last, cell, by_output, &by_cell); \
    for (int g = 0; g < 4; g++) { \
      size_t at = row * 4 * hidden + g * hidden + i; \
      STORE(a->by_gates, at, gate[g]); \
      if (a->narrow_by_gates) store(a->narrow_by_gates + at, gate[g]); \
    } \
    store(by_cells + i, by_cell); \
    store(carried + i, (REAL)0.0f); \
  } while (0)

/// What reaches the state of a record that has ended reaches the one before.
#define CARRIED(REAL) \
  do { \
    REAL by_output, own; \
    LOAD(a->upstream, row * hidden + i, by_output); \
    load(carried + i, &own); \
    by_output += own; \
    if (product) { load(product + i, &own); by_output += own; } \
    store(carried + i, by_output); \
    for (int g = 0; g < 4; g++) { \
      size_t at = row * 4 * hidden + g * hidden + i; \
      STORE(a->by_gates, at, (REAL)0.0f); \
      if (a->narrow_by_gates) store(a->narrow_by_gates + at, (REAL)0.0f); \
    } \
  } while (0)

CVAE_CLONES(lstm_gradient_body) {
  const cvae_lstm_gradient_step *a = data;
  size_t hidden = a->hidden;
  for (size_t row = begin; row < end; row++) {
    float *carried = a->carried + row * hidden, *by_cells = a->by_cell + row * hidden;
    const float *product = a->product ? a->product + row * hidden : 0;
    const float *before = a->cell_before ? a->cell_before + row * hidden : 0;
    if (a->place >= a->lengths[row]) EACH(CARRIED);
    else EACH(BACKWARD);
  }
}

void cvae_lstm_gradient(cvae_lstm_gradient_step step, size_t rows, int threads) {
  cvae_run(lstm_gradient_body, &step, rows, 1, 40 * step.hidden, threads);
}
