/// Loops that oneDNN has no primitive for, compiled for several instruction sets at once.
///
/// All run on the threads of threads.c, as oneDNN's primitives do. Every reduction has a fixed order, which depends on the
/// number of threads in the convolutions' gradients by weights alone: those are summed by each thread,
/// then in the threads' order. Matrices are row-major and without gaps.
#ifndef CVAE_FUSED_LOOPS_H
#define CVAE_FUSED_LOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How an element is stored.
typedef enum { CVAE_FLOAT32 = 0, CVAE_BFLOAT16 = 1 } cvae_type;

/// A tensor as the loops see it; no data where a loop's operand is left out.
typedef struct {
  void *_Nullable data;
  cvae_type type;
} cvae_tensor;

/// Elementwise functions; the order is that of the Swift enumeration.
typedef enum {
  CVAE_NEGATE, CVAE_EXP, CVAE_LOG, CVAE_SQUARE_ROOT, CVAE_SQUARE,
  CVAE_RELU, CVAE_LEAKY_RELU, CVAE_SILU, CVAE_TANH, CVAE_SIGMOID, CVAE_SOFTPLUS
} cvae_unary_function;

typedef enum { CVAE_ADD, CVAE_SUBTRACT, CVAE_MULTIPLY, CVAE_DIVIDE } cvae_binary_function;

/// How a binary operand stretches over rows and columns.
typedef enum { CVAE_FULL, CVAE_SCALAR, CVAE_ROW, CVAE_COLUMN } cvae_pattern;

/// The instruction sets that loops are compiled for.
typedef enum { CVAE_LEAST_INSTRUCTIONS, CVAE_AVX2, CVAE_AVX512 } cvae_instructions;

/// Those in use: the best that the processor has, up to what the environment's `ONEDNN_MAX_CPU_ISA` (or
/// `DNNL_MAX_CPU_ISA`) allows, as in oneDNN itself. The environment is read once, when the program starts.
cvae_instructions cvae_loops_instructions(void);
/// Sets the number of threads that calls from this thread use.
void cvae_set_threads(int threads);
/// The number of threads there are by default: `OMP_NUM_THREADS`, or the cores that the process may use.
int cvae_default_threads(void);
/// No region has more.
int cvae_most_threads(void);
/// Whether oneDNN's primitives run on the same threads; if not, they have libgomp's.
bool cvae_threads_are_shared(void);

// Elementwise.
void cvae_convert(cvae_tensor from, cvae_tensor to, size_t count, int threads);
void cvae_unary(
    cvae_unary_function function, float slope, cvae_tensor x, cvae_tensor result, size_t count,
    int threads);
/// `x` is the function's output where its slope reads that, else its input.
void cvae_unary_gradient(
    cvae_unary_function function, float slope, cvae_tensor x, cvae_tensor upstream,
    cvae_tensor result, size_t count, int threads);
void cvae_binary(
    cvae_binary_function function, cvae_tensor x, cvae_pattern x_pattern, cvae_tensor y,
    cvae_pattern y_pattern, cvae_tensor result, size_t rows, size_t columns, int threads);
void cvae_fill(float *_Nonnull result, float value, size_t count);
void cvae_gaussian_divergence(
    const float *_Nonnull mean_q, const float *_Nonnull log_variance_q,
    const float *_Nonnull mean_p, const float *_Nonnull log_variance_p, float *_Nonnull result,
    size_t count, int threads);

// Arrangement: up to six axes, strides in elements; a stride of 0 repeats.
void cvae_strided_copy(
    int rank, const ptrdiff_t *_Nonnull extents, const float *_Nonnull from,
    const ptrdiff_t *_Nonnull from_strides, float *_Nonnull to,
    const ptrdiff_t *_Nonnull to_strides, int threads);
/// Adds every element of `from` into `to`, which is zeroed first (`to_count` elements).
void cvae_strided_sum(
    int rank, const ptrdiff_t *_Nonnull extents, const float *_Nonnull from, float *_Nonnull to,
    const ptrdiff_t *_Nonnull to_strides, size_t to_count, int threads);
void cvae_sum_rows(
    const float *_Nonnull x, float *_Nonnull result, size_t rows, size_t columns, int threads);
void cvae_sum_columns(
    cvae_tensor x, float *_Nonnull result, size_t rows, size_t columns, int threads);
void cvae_maximum_rows(
    const float *_Nonnull x, float *_Nonnull result, size_t rows, size_t columns, int threads);

// Recurrence. All arrays are of one step: a row for each record.

/// One step of a long short-term memory. The gates lie in the order input, forget, new, output.
typedef struct {
  /// What the input gives to the gates, [rows, 4 · hidden].
  cvae_tensor gates;
  /// What is added in every step: a row for each record, or one for all, at a stride of 0.
  const float *_Nonnull shared;
  size_t shared_stride;
  /// The output of the step before times the weight; null in the first step.
  const float *_Nullable product;
  /// A record whose length is at most `place` has ended, and keeps its state.
  const int32_t *_Nonnull lengths;
  int32_t place;
  /// The state before; null in the first step.
  const float *_Nullable cell_before;
  cvae_tensor output_before;
  /// The gates' values; null where nothing needs them.
  float *_Nullable activated;
  /// May be `cell_before`.
  float *_Nonnull cell;
  cvae_tensor output;
  /// A copy in bfloat16, where one is needed.
  uint16_t *_Nullable narrow_output;
  size_t hidden;
} cvae_lstm_step;
void cvae_lstm(cvae_lstm_step step, size_t rows, int threads);

/// The gradient of one step.
typedef struct {
  /// By the output.
  cvae_tensor upstream;
  /// The gates' gradient of the step behind times the weight; null in the last step.
  const float *_Nullable product;
  const int32_t *_Nonnull lengths;
  int32_t place;
  const float *_Nonnull activated;
  const float *_Nonnull cell;
  /// Null in the first step.
  const float *_Nullable cell_before;
  /// By the output of records that have ended, and by the cell; both pass from step to step.
  float *_Nonnull carried;
  float *_Nonnull by_cell;
  cvae_tensor by_gates;
  /// A copy in bfloat16, where one is needed.
  uint16_t *_Nullable narrow_by_gates;
  size_t hidden;
} cvae_lstm_gradient_step;
void cvae_lstm_gradient(cvae_lstm_gradient_step step, size_t rows, int threads);

// Embedding.
void cvae_gather(
    const float *_Nonnull table, const int32_t *_Nonnull indices, cvae_tensor result, size_t rows,
    size_t columns, int threads);
void cvae_scatter_add(
    cvae_tensor x, const int32_t *_Nonnull indices, float *_Nonnull table, size_t rows,
    size_t columns, size_t levels, int threads);

// Attention of a batch of sequences, whose rows are ordered by step, then by record.
void cvae_masked_softmax(
    const float *_Nonnull x, const int32_t *_Nonnull lengths, float *_Nonnull result, size_t rows,
    size_t batch, size_t places, int threads);
void cvae_matching_sum(
    const float *_Nonnull weights, const int32_t *_Nonnull source,
    const int32_t *_Nonnull targets, float *_Nonnull result, size_t rows, size_t batch,
    size_t places, int threads);
void cvae_matching_sum_gradient(
    const int32_t *_Nonnull source, const int32_t *_Nonnull targets,
    const float *_Nonnull upstream, float *_Nonnull result, size_t rows, size_t batch,
    size_t places, int threads);
void cvae_level_sums(
    const float *_Nonnull weights, const int32_t *_Nonnull source, float *_Nonnull result,
    size_t rows, size_t batch, size_t places, size_t levels, int threads);

// Row-wise.
void cvae_softmax(
    const float *_Nonnull x, float *_Nonnull result, size_t rows, size_t columns, bool logarithm,
    int threads);
void cvae_normalize_rows(
    const float *_Nonnull x, float *_Nonnull result, size_t rows, size_t columns, float epsilon,
    int threads);
void cvae_normalize_rows_gradient(
    const float *_Nonnull x, const float *_Nonnull upstream, float *_Nonnull result, size_t rows,
    size_t columns, float epsilon, int threads);
void cvae_bernoulli(
    const float *_Nonnull logits, const float *_Nonnull targets, float *_Nonnull result,
    size_t rows, size_t columns, int threads);
void cvae_bernoulli_gradient(
    const float *_Nonnull logits, const float *_Nonnull targets, const float *_Nonnull upstream,
    cvae_tensor result, size_t rows, size_t columns, int threads);
void cvae_gaussian(
    const float *_Nonnull mean, float log_deviation, const float *_Nonnull targets,
    float *_Nonnull result, size_t rows, size_t columns, int threads);
/// Means, then log scales, in each row of `parameters`; see the graph's builder for the formula.
void cvae_discretized_logistic(
    const float *_Nonnull parameters, const float *_Nonnull targets,
    const float *_Nonnull weights, float *_Nonnull result, size_t rows, size_t columns,
    int threads);
void cvae_discretized_logistic_gradient(
    const float *_Nonnull parameters, const float *_Nonnull targets,
    const float *_Nonnull weights, const float *_Nonnull upstream, float *_Nonnull result,
    size_t rows, size_t columns, int threads);
/// All logits, means and log deviations in each row of `parameters`; see the graph's builder.
void cvae_gaussian_mixture(
    const float *_Nonnull parameters, const float *_Nonnull targets,
    const float *_Nonnull weights, float *_Nonnull result, size_t rows, size_t columns,
    size_t components, int threads);
void cvae_gaussian_mixture_gradient(
    const float *_Nonnull parameters, const float *_Nonnull targets,
    const float *_Nonnull weights, const float *_Nonnull upstream, float *_Nonnull result,
    size_t rows, size_t columns, size_t components, int threads);
/// The index `columns` stands for no level: 0, and no gradient.
void cvae_categorical(
    const float *_Nonnull logits, const int32_t *_Nonnull indices, float *_Nonnull result,
    size_t rows, size_t columns, int threads);
void cvae_categorical_gradient(
    const float *_Nonnull logits, const int32_t *_Nonnull indices, const float *_Nonnull upstream,
    cvae_tensor result, size_t rows, size_t columns, int threads);

// Pictures. A group is one picture's channels that lie together: `pixels` runs of `channels` numbers.
// Scales and sums are matrices [batch, channels], which is also [groups, channels of a group].
/// x + x * scale + shift; `shift` null for none.
void cvae_modulate(
    cvae_tensor x, const float *_Nonnull scale, const float *_Nullable shift, cvae_tensor result,
    size_t groups, size_t pixels, size_t channels, int threads);
/// Sums of x * y over each channel's pixels; of x alone where `y` has no data.
void cvae_sum_pixels(
    cvae_tensor x, cvae_tensor y, float *_Nonnull result, size_t groups, size_t pixels,
    size_t channels, int threads);

// Convolutions of 3 x 3 kernels, stride 1, padding 1. Pictures lie in blocks of 8 or 16 channels, which
// all channels fill; weights are [3, 3, inputs, outputs], row-major.
typedef struct {
  size_t batch, height, width, channels, block;
} cvae_pictures;
/// A function that a result goes through before it is stored, if there is one.
typedef struct {
  bool exists;
  cvae_unary_function function;
  float slope;
} cvae_activation;
/// Numbers of scratch memory for any one of the three passes.
size_t cvae_winograd_scratch(cvae_pictures pictures, size_t outputs, int threads);
/// `addend` lies as the result does, and may be the result; without data where nothing is added. Tensors are
/// float32, or bfloat16 in blocks of 16; float32 pictures give float32.
void cvae_winograd(
    cvae_pictures pictures, cvae_tensor x, const float *_Nonnull weights,
    const float *_Nullable bias, cvae_tensor addend, cvae_activation activation,
    cvae_tensor result, size_t outputs, float *_Nonnull scratch, int threads);
/// The gradient by the pictures; `upstream_pictures` describes the upstream gradient.
void cvae_winograd_by_pictures(
    cvae_pictures upstream_pictures, cvae_tensor upstream, const float *_Nonnull weights,
    cvae_tensor result, size_t inputs, float *_Nonnull scratch, int threads);
/// The gradient by the weights, and by the bias unless that is null; `x` and `upstream` have one type.
void cvae_winograd_by_weights(
    cvae_pictures pictures, cvae_tensor x, cvae_tensor upstream, float *_Nonnull result,
    float *_Nullable bias, size_t outputs, float *_Nonnull scratch, int threads);

// The same between pictures of many channels, in blocks, and pictures of few, row-major; each may be bfloat16, the
// former in blocks of 16.
typedef struct {
  /// Whether the layer leads from many channels to few; else from few to many.
  bool from_many;
  /// Whether its kernel is turned by half a circle, as for the gradient by the pictures.
  bool turned;
} cvae_thin_order;
/// Numbers of scratch memory for any one of the passes.
size_t cvae_thin_scratch(cvae_pictures wide, size_t few, int threads);
/// From few channels to many. `bias` has as many.
void cvae_thin_spread(
    cvae_pictures wide, size_t few, cvae_tensor x, const float *_Nonnull weights,
    cvae_thin_order order, const float *_Nullable bias, cvae_activation activation,
    cvae_tensor result, float *_Nonnull scratch, int threads);
/// From many channels to few. `bias` has as few.
void cvae_thin_gather(
    cvae_pictures wide, size_t few, cvae_tensor x, const float *_Nonnull weights,
    cvae_thin_order order, const float *_Nullable bias, cvae_activation activation,
    cvae_tensor result, float *_Nonnull scratch, int threads);
/// The gradients by weights and, unless that is null, by the layer's bias.
void cvae_thin_correlate(
    cvae_pictures wide, size_t few, cvae_tensor many_channels, cvae_tensor few_channels,
    bool from_many, float *_Nonnull weights, float *_Nullable bias, float *_Nonnull scratch,
    int threads);

// Random numbers: Philox 4x32-10 addressed by (seed, stream, step, record).
typedef struct {
  uint64_t seed;
  uint32_t step;
  uint32_t stream;
} cvae_random;
void cvae_uniform(
    cvae_random random, const int32_t *_Nonnull records, float *_Nonnull result, size_t rows,
    size_t columns, int threads);
void cvae_normal(
    cvae_random random, const int32_t *_Nonnull records, float *_Nonnull result, size_t rows,
    size_t columns, int threads);
/// In place: uniform numbers become 0 (below `rate`) or 1 / (1 - rate).
void cvae_dropout_mask(float *_Nonnull uniform, size_t count, float rate);
/// In place: uniform numbers become 1 where they lie below the probability, else 0.
void cvae_bernoulli_sample(
    float *_Nonnull uniform, const float *_Nonnull probabilities, size_t count);
/// Levels by the softmax of logits where none is known: `known[row * known_step] == levels`, or no `known`.
void cvae_categorical_sample(
    cvae_random random, const int32_t *_Nonnull records, const float *_Nonnull logits,
    const int32_t *_Nullable known, size_t known_step, int32_t *_Nonnull result, size_t rows,
    size_t levels, int threads);
void cvae_gaussian_mixture_sample(
    cvae_random random, const int32_t *_Nonnull records, const float *_Nonnull parameters,
    float *_Nonnull result, size_t rows, size_t columns, size_t components, int threads);

// Optimiser.
/// Weights [rows, columns] in panels of `width` columns, which lie one after the other, each row by row: rows are
/// filled up to `padded_rows`, and columns to whole panels. No width: another order.
typedef struct {
  size_t width, padded_rows, rows, columns;
} cvae_panels;
/// What each rank's gradient counts in a sum over ranks; none in a process alone.
typedef struct {
  const float *_Nullable values;
  size_t count;
} cvae_shares;
/// Parameters are updated in blocks of as many elements, which must begin at rows of panels, and at pairs of rows of copies.
enum { CVAE_ADAM_BLOCK = 2048 };
/// A part of a parameter that begins `from` elements behind the first one, a multiple of a block; pointers are those of the
/// whole.
typedef struct {
  float *_Nonnull weights;
  /// The gradient, unless `gradients` has one for each rank.
  const float *_Nullable gradient;
  const float *_Nonnull const *_Nullable gradients;
  float *_Nonnull first;
  float *_Nonnull second;
  /// A bfloat16 copy of the weights, written in the same pass; null for none.
  uint16_t *_Nullable copy;
  /// 0: the copy has the weights' own order. Otherwise rows of this many elements are interleaved
  /// in pairs, the order that bfloat16 products read.
  size_t interleave;
  size_t from, count;
  /// How weights, moments and copy lie where the gradient is row-major; without width all five lie alike.
  cvae_panels panels;
} cvae_adam_tensor;
typedef struct {
  float learning_rate, beta1, beta2, epsilon;
  /// 1 / (1 - beta^t), the bias corrections.
  float correction1, correction2;
  float weight_decay;
  bool decoupled;
  /// Multiplies every gradient: the clipping.
  float gradient_scale;
} cvae_adam_rule;
/// Elements whose gradient isn't finite keep their values; false where there are any.
bool cvae_adam(
    const cvae_adam_tensor *_Nonnull tensors, size_t tensor_count, cvae_adam_rule rule,
    cvae_shares shares, int threads);
/// Writes the bfloat16 copies alone.
void cvae_adam_copy(const cvae_adam_tensor *_Nonnull tensors, size_t tensor_count, int threads);
/// The sum of all gradients' squares.
double cvae_gradient_square(
    const cvae_adam_tensor *_Nonnull tensors, size_t tensor_count, cvae_shares shares, int threads);

#endif
