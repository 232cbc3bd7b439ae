#include "threads.h"

#include <stdlib.h>
#include <strings.h>

static cvae_instructions instructions = CVAE_LEAST_INSTRUCTIONS;

/// Before `main`, so that no thread can read it in between.
__attribute__((constructor)) static void choose_instructions(void) {
#if defined(__x86_64__)
  const char *most = getenv("ONEDNN_MAX_CPU_ISA");
  if (!most) most = getenv("DNNL_MAX_CPU_ISA");
  if (!most) most = "";
  bool hides_avx2 = strcasecmp(most, "SSE41") == 0 || strcasecmp(most, "AVX") == 0;
  bool hides_avx512 = hides_avx2 || strncasecmp(most, "AVX2", 4) == 0;
  __builtin_cpu_init();
  if (!hides_avx512 && __builtin_cpu_supports("x86-64-v4"))
    instructions = CVAE_AVX512;
  else if (!hides_avx2 && __builtin_cpu_supports("x86-64-v3"))
    instructions = CVAE_AVX2;
#endif
}

cvae_instructions cvae_loops_instructions(void) { return instructions; }

typedef struct {
  cvae_body body;
  const void *arguments;
  size_t count, multiple;
} region;

static void run_part(void *data) {
  const region *r = data;
  size_t parts = (size_t)cvae_thread_count(), part = (size_t)cvae_thread_number();
  size_t units = (r->count + r->multiple - 1) / r->multiple;
  size_t begin = units * part / parts * r->multiple;
  size_t end = units * (part + 1) / parts * r->multiple;
  if (end > r->count) end = r->count;
  if (begin < end) r->body(r->arguments, begin, end);
}

void cvae_run(
    cvae_body body, const void *arguments, size_t count, size_t multiple, size_t cost,
    int threads) {
  if (count == 0) return;
  if (threads <= 1 || count * cost < 40000) {
    body(arguments, 0, count);
    return;
  }
  region r = {body, arguments, count, multiple};
  cvae_parallel(run_part, &r, (unsigned)threads, 0);
}
