// Element-wise and row-wise kernels over float32 rows. One source (kernels.inc) is compiled for the
// base instruction set, AVX2 and AVX-512; `k_get` returns the best table this processor can run.
// Every function has a naive twin in Tests/TestSupport. `n` and `rows` are element and row counts;
// matrices are row-major. Outputs named d… are added to (`+=`) unless said otherwise.
#pragma once
#include <stddef.h>
#include <stdint.h>

/* function pointers and a constant string: shared freely between threads */
typedef struct __attribute__((swift_attr("@Sendable"))) {
  const char *isa;
  // vectors
  float (*dot)(const float *x, const float *y, size_t n);
  // y[r] = w[r] . x for rows of w that begin `stride` elements apart; w as float32 or as bfloat16
  void (*rows_dot)(const float *w, size_t stride, const float *x, float *y, size_t rows,
                   size_t width);
  void (*bf16_rows_dot)(const uint16_t *w, size_t stride, const float *x, float *y, size_t rows,
                        size_t width);
  float (*sum)(const float *x, size_t n);
  float (*abs_max)(const float *x, size_t n);  // NaN anywhere gives NaN
  void (*axpy)(float a, const float *x, float *y, size_t n);              // y += a x
  void (*scale)(float a, float *x, size_t n);                            // x *= a
  void (*add)(const float *x, const float *y, float *z, size_t n);       // z = x + y
  void (*multiply)(const float *x, const float *y, float *z, size_t n);  // z = x y
  void (*multiply_add)(const float *x, const float *y, float *z, size_t n);  // z += x y
  // activations
  void (*exp)(const float *x, float *y, size_t n);
  void (*sigmoid)(const float *x, float *y, size_t n);
  void (*silu)(const float *x, float *y, size_t n);
  void (*silu_reverse)(const float *x, const float *dy, float *dx, size_t n);
  void (*gelu)(const float *x, float *y, size_t n);  // the erf form, by a polynomial of erf
  // z = silu(gate) * up, rows of [gate | up] pairs: x is [rows, 2 width], z is [rows, width]
  void (*swiglu)(const float *x, float *z, size_t rows, size_t width);
  void (*swiglu_reverse)(const float *x, const float *dz, float *dx, size_t rows, size_t width);
  // z = y * silu(x)
  void (*silu_gate)(const float *y, const float *x, float *z, size_t n);
  void (*silu_gate_reverse)(const float *y, const float *x, const float *dz, float *dy, float *dx,
                            size_t n);
  // rows
  void (*rms_norm)(const float *x, const float *weight, float epsilon, float *y, float *inverse,
                   size_t rows, size_t width);
  void (*rms_norm_reverse)(const float *x, const float *weight, const float *inverse,
                           const float *dy, float *dx, float *dweight, size_t rows, size_t width);
  // y = x / sqrt(|x|^2 + epsilon); inverse gets 1/sqrt(...)
  void (*unit_rows)(const float *x, float epsilon, float *y, float *inverse, size_t rows,
                    size_t width);
  void (*unit_rows_reverse)(const float *y, const float *inverse, const float *dy, float *dx,
                            size_t rows, size_t width);
  // in place: logits -> probabilities; loss[r] = -log p[target[r]] (nats). target -1: loss 0
  void (*softmax_loss)(float *logits, const int32_t *targets, float *loss, size_t rows,
                       size_t width);
  // causal depthwise convolution of width 4 over time: y[t] = sum_j w[j] * x[t - 3 + j];
  // `past` holds the three inputs before x, oldest first. w is [4, width].
  void (*convolution)(const float *past, const float *x, const float *w, float *y, size_t tokens,
                      size_t width);
  void (*convolution_reverse)(const float *past, const float *x, const float *w, const float *dy,
                              float *dpast, float *dx, float *dw, size_t tokens, size_t width);
  // m = decay m + a u v^T, m is [rows, width]
  void (*decay_rank_one)(float decay, float a, const float *u, const float *v, float *m,
                         size_t rows, size_t width);
  // AdamW: m, v moments; rate already holds the bias correction of m; `root` that of v
  void (*adamw)(float *w, const float *g, float *m, float *v, float rate, float beta1, float beta2,
                float root, float epsilon, float shrink, float gscale, size_t n);
  // half floats
  void (*from_f16)(const uint16_t *x, float *y, size_t n);
  void (*from_bf16)(const uint16_t *x, float *y, size_t n);
  void (*to_f16)(const float *x, uint16_t *y, size_t n);
  void (*to_bf16)(const float *x, uint16_t *y, size_t n);  // round to nearest even
  // derivatives of the activations: first of SiLU, second of SiLU, first of GELU; and ln(1 + e^x)
  void (*silu_slope)(const float *x, float *y, size_t n);
  void (*silu_curvature)(const float *x, float *y, size_t n);
  void (*gelu_slope)(const float *x, float *y, size_t n);
  void (*softplus)(const float *x, float *y, size_t n);
} k_table;

/// The table of the best instruction set this processor has.
const k_table *k_get(void);
/// The table of a named instruction set ("base", "avx2", "avx512"), or NULL where it cannot run.
const k_table *k_named(const char *isa);

/// Keeps freed blocks in the process instead of returning them: a training step allocates the same
/// sizes again and again, and fresh pages cost more than the arithmetic done in them.
void k_keep_freed_memory(void);

/// Runs `body(context, i)` for i in 0..<count on `lanes` threads (the caller is one of them).
/// The helper threads live as long as the process and sleep when there is nothing to do.
void k_run_lanes(int lanes, int count, void (*body)(void *context, int i), void *context);
