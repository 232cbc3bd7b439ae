#define _GNU_SOURCE
#include "threads.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

// The threads under the project's own loops and, once `adopted_threads.c` has seen to it, under oneDNN, in place of
// libgomp's. Those wait for each other by spinning for milliseconds, which no call can change once the library
// is loaded. Beside other busy processes the thread that is waited for has no core just then; the one that
// waits keeps its core from those who could use it, and uses up the time that it would be owed later.
//
// Here a region is a row of parts. The thread that begins it takes part 0 and then each part that no other thread has
// begun, so that it never waits for a thread that isn't running yet; who waits spins for some microseconds, as
// long as the next region is usually away, and then sleeps.
//
// Each thread that begins regions has workers of its own, as in libgomp, and regions do not nest.

/// No region has more parts.
#define MOST_PARTS 256
/// Pauses before a thread sleeps: some 10 to 40 µs.
#define PATIENCE 1000

typedef struct pool pool;

/// A worker, and the part that is its own.
typedef struct {
  /// Twice the number of the region in which the part is free, and one more once it is taken.
  _Alignas(64) _Atomic uint64_t claim;
  pool *owner;
  unsigned part;
} worker;

struct pool {
  /// The number of the latest region; workers sleep on it.
  _Alignas(64) _Atomic uint32_t generation;
  _Atomic uint32_t sleepers;
  /// The region. Whoever has taken a part may read it, since it stays until all parts are done.
  cvae_region body;
  void *data;
  unsigned parts;
  _Atomic bool ends;
  /// Parts of others that aren't done; the beginner sleeps on it.
  _Alignas(64) _Atomic uint32_t remaining;
  _Atomic bool beginner_sleeps;
  /// The barrier inside of a region: who has arrived, and how often all had.
  _Alignas(64) _Atomic uint32_t arrived;
  _Atomic uint32_t phase;
  /// Threads that hold this memory.
  _Atomic uint32_t holders;
  unsigned worker_count;
  worker workers[MOST_PARTS];
};

/// The region that a thread is in: none, if `members` is null.
typedef struct {
  pool *members;
  unsigned part, parts;
} place;

static _Thread_local pool *own_pool;
/// Regions within a region that old code has begun: they have one part.
static _Thread_local unsigned nested;
static _Thread_local place here = {NULL, 0, 1};
/// What `cvae_set_threads` said to this thread; 0 if nothing.
static _Thread_local unsigned wanted;
static pthread_key_t ending;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned usual = 1;

static void sleep_on(_Atomic uint32_t *word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake(_Atomic uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  __asm__ volatile("" ::: "memory");
#endif
}

/// Spins, then sleeps, until `word` isn't `value` any more. `counter` counts who sleeps, or may be null.
static void wait_while(_Atomic uint32_t *word, uint32_t value, _Atomic uint32_t *counter) {
  for (int i = 0; i < PATIENCE; i++) {
    if (atomic_load_explicit(word, memory_order_acquire) != value) return;
    relax();
  }
  if (counter) atomic_fetch_add(counter, 1);
  while (atomic_load(word) == value) sleep_on(word, value);
  if (counter) atomic_fetch_sub(counter, 1);
}

static void release(pool *p) {
  if (atomic_fetch_sub(&p->holders, 1) == 1) free(p);
}

static void run_as(pool *p, unsigned part) {
  place before = here;
  here = (place){p, part, p->parts};
  p->body(p->data);
  here = before;
}

/// Takes a part unless another thread has.
static bool take(worker *w, uint64_t generation) {
  uint64_t expected = 2 * generation;
  return atomic_load_explicit(&w->claim, memory_order_relaxed) == expected
         && atomic_compare_exchange_strong(&w->claim, &expected, expected + 1);
}

static void *work(void *data) {
  worker *self = data;
  pool *p = self->owner;
  uint32_t seen = 0;
  for (;;) {
    wait_while(&p->generation, seen, &p->sleepers);
    seen = atomic_load_explicit(&p->generation, memory_order_acquire);
    if (atomic_load(&p->ends)) break;
    if (!take(self, seen)) continue;
    run_as(p, self->part);
    if (atomic_fetch_sub(&p->remaining, 1) == 1 && atomic_load(&p->beginner_sleeps))
      wake(&p->remaining, 1);
  }
  release(p);
  return NULL;
}

/// When a thread ends, so do its workers.
static void end_pool(void *data) {
  pool *p = data;
  atomic_store(&p->ends, true);
  atomic_fetch_add(&p->generation, 1);
  wake(&p->generation, MOST_PARTS);
  release(p);
}

static void prepare(void) {
  pthread_key_create(&ending, end_pool);
  const char *text = getenv("OMP_NUM_THREADS");
  int named = text ? atoi(text) : 0;
  cpu_set_t cores;
  int allowed = sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
  usual = (unsigned)(named > 0 ? named : allowed > 0 ? allowed : 1);
}

static unsigned usual_threads(void) {
  pthread_once(&once, prepare);
  return wanted > 0 ? wanted : usual;
}

/// Makes workers for the parts behind the first; returns how many parts there can be.
static unsigned provide(pool *p, unsigned parts) {
  if (parts > MOST_PARTS) parts = MOST_PARTS;
  sigset_t all, before;
  while (p->worker_count + 1 < parts) {
    worker *w = &p->workers[p->worker_count + 1];
    w->owner = p;
    w->part = p->worker_count + 1;
    pthread_t thread;
    // Signals are for the program's own threads.
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&p->holders, 1);
    int failure = pthread_create(&thread, NULL, work, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failure) {
      atomic_fetch_sub(&p->holders, 1);
      break;
    }
    pthread_detach(thread);
    p->worker_count++;
  }
  return parts <= p->worker_count + 1 ? parts : p->worker_count + 1;
}

static pool *pool_of_thread(void) {
  if (own_pool) return own_pool;
  pthread_once(&once, prepare);
  pool *p = aligned_alloc(64, sizeof *p);
  if (!p) return NULL;
  __builtin_memset(p, 0, sizeof *p);
  atomic_store(&p->holders, 1);
  pthread_setspecific(ending, p);
  return own_pool = p;
}

/// Publishes a region, but runs none of it.
static void begin(pool *p, cvae_region body, void *data, unsigned parts) {
  p->body = body;
  p->data = data;
  p->parts = parts;
  atomic_store_explicit(&p->remaining, parts - 1, memory_order_relaxed);
  uint32_t generation = atomic_load_explicit(&p->generation, memory_order_relaxed) + 1;
  for (unsigned i = 1; i < parts; i++)
    atomic_store_explicit(&p->workers[i].claim, 2 * (uint64_t)generation, memory_order_relaxed);
  atomic_store(&p->generation, generation);
  if (atomic_load(&p->sleepers) > 0) wake(&p->generation, MOST_PARTS);
}

/// Runs whatever parts nobody has begun, and waits for the others.
static void finish(pool *p) {
  uint32_t generation = atomic_load_explicit(&p->generation, memory_order_relaxed);
  for (unsigned i = 1; i < p->parts; i++)
    if (take(&p->workers[i], generation)) {
      run_as(p, i);
      atomic_fetch_sub(&p->remaining, 1);
    }
  for (int i = 0; i < PATIENCE; i++) {
    if (atomic_load_explicit(&p->remaining, memory_order_acquire) == 0) return;
    relax();
  }
  atomic_store(&p->beginner_sleeps, true);
  uint32_t left;
  while ((left = atomic_load(&p->remaining)) > 0) sleep_on(&p->remaining, left);
  atomic_store(&p->beginner_sleeps, false);
}

// MARK: What threads.h declares

void cvae_parallel(cvae_region body, void *data, unsigned threads, unsigned flags) {
  (void)flags;
  if (threads == 0) threads = usual_threads();
  pool *p = threads > 1 && !here.members ? pool_of_thread() : NULL;
  unsigned parts = p ? provide(p, threads) : 1;
  if (parts <= 1) {
    place before = here;
    here.part = 0;
    here.parts = 1;
    body(data);
    here = before;
    return;
  }
  begin(p, body, data, parts);
  run_as(p, 0);
  finish(p);
}

/// How older compilers' code begins a region; the caller runs part 0 itself.
void cvae_parallel_start(cvae_region body, void *data, unsigned threads) {
  if (threads == 0) threads = usual_threads();
  pool *p = threads > 1 && !here.members ? pool_of_thread() : NULL;
  unsigned parts = p ? provide(p, threads) : 1;
  if (parts <= 1) {
    nested++;
    return;
  }
  begin(p, body, data, parts);
  here = (place){p, 0, parts};
}

void cvae_parallel_end(void) {
  if (nested > 0) {
    nested--;
    return;
  }
  pool *p = here.members;
  here = (place){NULL, 0, 1};
  finish(p);
}

void cvae_barrier(void) {
  pool *p = here.members;
  if (!p) return;
  uint32_t phase = atomic_load(&p->phase);
  if (atomic_fetch_add(&p->arrived, 1) + 1 == here.parts) {
    atomic_store(&p->arrived, 0);
    atomic_store(&p->phase, phase + 1);
    wake(&p->phase, MOST_PARTS);
  } else {
    wait_while(&p->phase, phase, NULL);
  }
}

/// A loop whose iterations are dealt out beforehand; `chunk` 0: one run for each part, else runs of so many in
/// turn, of which `cvae_loop_static_next` gives the later ones.
static _Thread_local struct {
  long start, end, step, chunk, next;
} loop;

bool cvae_loop_static_next(long *first, long *last) {
  long count = loop.step > 0 ? (loop.end - loop.start + loop.step - 1) / loop.step
                             : (loop.end - loop.start + loop.step + 1) / loop.step;
  if (count < 0) count = 0;
  long begin, end, parts = here.parts, part = here.part;
  if (loop.chunk == 0) {
    if (loop.next++ > 0) return false;
    begin = count * part / parts;
    end = count * (part + 1) / parts;
  } else {
    begin = (loop.next++ * parts + part) * loop.chunk;
    end = begin + loop.chunk < count ? begin + loop.chunk : count;
  }
  if (begin >= end) return false;
  *first = loop.start + begin * loop.step;
  *last = loop.start + end * loop.step;
  return true;
}

bool cvae_loop_static_start(
    long start, long end, long step, long chunk, long *first, long *last) {
  loop.start = start;
  loop.end = end;
  loop.step = step;
  loop.chunk = chunk;
  loop.next = 0;
  return cvae_loop_static_next(first, last);
}

void cvae_loop_end_nowait(void) {}

int cvae_thread_number(void) { return (int)here.part; }
int cvae_thread_count(void) { return (int)here.parts; }
int cvae_default_threads(void) { return (int)usual_threads(); }
int cvae_most_threads(void) { return MOST_PARTS; }
void cvae_set_threads(int threads) { wanted = threads > 0 ? (unsigned)threads : 1; }
int cvae_in_parallel(void) { return here.members != NULL; }
