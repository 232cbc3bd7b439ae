// Message Passing Interface, opened at run time.
//
// Two binary interfaces exist: that of Open MPI, whose handles are pointers, and that of MPICH, whose handles are
// integers and which MVAPICH, Intel MPI and Cray MPICH share. Both are reached through one table of functions, so that
// neither headers nor libraries are needed to build.
#ifndef CVAE_MPI_H
#define CVAE_MPI_H

#include <stdbool.h>
#include <stddef.h>

// An open library, initialised once. Its calls must not overlap; see MPI_THREAD_SERIALIZED.
typedef struct cvae_mpi cvae_mpi;

// A message that is sent or received again and again: `bytes` at `data`, to or from the rank `peer`.
typedef struct {
  void *data;
  int bytes;
  int peer;
} cvae_mpi_message;

// Prepared messages that are exchanged together.
typedef struct cvae_mpi_exchange cvae_mpi_exchange;

// Opens the library at `path`. Null where that fails; then `*reason` is a clause that says why, to be freed.
cvae_mpi *cvae_mpi_open(const char *path, char **reason);

// The implementation's own name and version, in one line.
const char *cvae_mpi_version(const cvae_mpi *mpi);

// The following return 0, or MPI's error code.

// Joins the other processes. `*serialized` says whether calls of several threads, one at a time, are allowed.
int cvae_mpi_start(cvae_mpi *mpi, int *rank, int *count, bool *serialized);
// Leaves them.
int cvae_mpi_finish(cvae_mpi *mpi);

// Prepares messages; sends and receives between two ranks match in order among those of one tag.
int cvae_mpi_prepare(
    cvae_mpi *mpi, const cvae_mpi_message *sends, int send_count, const cvae_mpi_message *receives,
    int receive_count, int tag, cvae_mpi_exchange **exchange);
// Starts all messages; their memory must not change until they are done.
int cvae_mpi_begin(cvae_mpi *mpi, cvae_mpi_exchange *exchange);
// Lets messages move on, and says whether all are done.
int cvae_mpi_test(cvae_mpi *mpi, cvae_mpi_exchange *exchange, bool *done);
// A rank of which a message is still on its way; -1 for none.
int cvae_mpi_pending(cvae_mpi *mpi, cvae_mpi_exchange *exchange);
// Forgets prepared messages, none of which may be on its way.
void cvae_mpi_free(cvae_mpi *mpi, cvae_mpi_exchange *exchange);

// Lets a process of its own end Open MPI's launcher, or its daemon on this machine, if that still runs after so many
// seconds: one that can't reach its other daemons waits for them without end.
void cvae_mpi_end_launcher(int seconds);

// A file of so many bytes, without a name, that exists in memory alone; -1 with a reason in errno where there is none.
int cvae_memory_file(long long size);

// What an error code means, in MPI's words; `text` has room for 512 bytes.
void cvae_mpi_describe(cvae_mpi *mpi, int error, char *text);

#endif
