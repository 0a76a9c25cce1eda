#include "kernels.h"

#include <malloc.h>
#include <math.h>
#include <string.h>

static inline uint32_t bits_of(float x) { uint32_t b; memcpy(&b, &x, 4); return b; }
static inline float float_of(uint32_t b) { float x; memcpy(&x, &b, 4); return x; }

// sixteen elements at any address
typedef float wide16 __attribute__((vector_size(64), aligned(4)));
typedef uint32_t bits16 __attribute__((vector_size(64), aligned(4)));
typedef uint16_t half16 __attribute__((vector_size(32), aligned(2)));

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define NAME(x) CAT(x, SUF)

#define SUF base
#define ISA "base"
#include "kernels.inc"
#undef SUF
#undef ISA

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define SUF avx2
#define ISA "avx2"
#include "kernels.inc"
#undef SUF
#undef ISA
#pragma clang attribute pop
#pragma clang attribute push(                                                             \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,f16c"), min_vector_width(512))), \
    apply_to = function)
#define SUF avx512
#define ISA "avx512"
#include "kernels.inc"
#undef SUF
#undef ISA
#pragma clang attribute pop
#endif

const k_table *k_named(const char *isa) {
  if (!strcmp(isa, "base")) return &table_base;
#if defined(__x86_64__)
  if (!strcmp(isa, "avx2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &table_avx2;
  if (!strcmp(isa, "avx512") && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    return &table_avx512;
#endif
  return NULL;
}

const k_table *k_get(void) {
  static const k_table *chosen;  // every thread computes the same value: a race is harmless
  const k_table *t = __atomic_load_n(&chosen, __ATOMIC_ACQUIRE);
  if (t) return t;
  if (!(t = k_named("avx512")) && !(t = k_named("avx2"))) t = &table_base;
  __atomic_store_n(&chosen, t, __ATOMIC_RELEASE);
  return t;
}

void k_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}
