/// Threads for regions of parallel parts; each function does what the OpenMP function of a similar name does.
#ifndef CVAE_THREADS_H
#define CVAE_THREADS_H

#include "parallel.h"

typedef void (*cvae_region)(void *);

/// Runs `body` once for each of `threads` parts, 0: as many as usual; within a region once.
void cvae_parallel(cvae_region body, void *data, unsigned threads, unsigned flags);
/// How older compilers' code begins a region, of which the caller runs part 0 itself, and ends it.
void cvae_parallel_start(cvae_region body, void *data, unsigned threads);
void cvae_parallel_end(void);
/// Waits for all parts of a region.
void cvae_barrier(void);
bool cvae_loop_static_start(
    long start, long end, long step, long chunk, long *first, long *last);
bool cvae_loop_static_next(long *first, long *last);
void cvae_loop_end_nowait(void);
/// The part that runs, and how many its region has.
int cvae_thread_number(void);
int cvae_thread_count(void);
int cvae_in_parallel(void);

#endif
