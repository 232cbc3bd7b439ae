// What both binary interfaces offer to the functions of the module.
#ifndef CVAE_MPI_TABLE_H
#define CVAE_MPI_TABLE_H

#include "cvae_mpi.h"

typedef struct {
  int (*start)(cvae_mpi *, int *rank, int *count, bool *serialized);
  int (*finish)(cvae_mpi *);
  int (*prepare)(
      cvae_mpi *, const cvae_mpi_message *, int, const cvae_mpi_message *, int, int,
      cvae_mpi_exchange **);
  int (*begin)(cvae_mpi *, cvae_mpi_exchange *);
  int (*test)(cvae_mpi *, cvae_mpi_exchange *, bool *);
  int (*pending)(cvae_mpi *, cvae_mpi_exchange *);
  void (*free)(cvae_mpi *, cvae_mpi_exchange *);
  void (*describe)(cvae_mpi *, int error, char *text);
} cvae_mpi_table;

// The symbols that both interfaces share, in the order of `cvae_mpi_symbol`.
#define CVAE_MPI_SYMBOLS(use)                                                                \
  use(MPI_Init_thread) use(MPI_Initialized) use(MPI_Finalize)                                \
  use(MPI_Comm_rank) use(MPI_Comm_size) use(MPI_Comm_set_errhandler) use(MPI_Send_init)      \
  use(MPI_Recv_init) use(MPI_Startall) use(MPI_Testall) use(MPI_Test)                        \
  use(MPI_Request_free)                                                                      \
  use(MPI_Error_string) use(MPI_Get_library_version)

enum {
#define CVAE_MPI_NUMBER(name) cvae_##name,
  CVAE_MPI_SYMBOLS(CVAE_MPI_NUMBER)
#undef CVAE_MPI_NUMBER
  cvae_mpi_symbol_count
};

struct cvae_mpi {
  const cvae_mpi_table *table;
  void *symbols[cvae_mpi_symbol_count];
  // Open MPI's predefined handles, which are addresses in its library.
  void *world, *byte, *errors_return;
  char version[512];
};

struct cvae_mpi_exchange {
  int count;
  // The messages that are received come first.
  int receive_count;
  // Of the interface's own type.
  void *requests;
  // The other rank of each message.
  int *peers;
};

// Frees the memory of prepared messages.
void cvae_mpi_drop(cvae_mpi_exchange *exchange);

extern const cvae_mpi_table cvae_mpi_of_open_mpi;
extern const cvae_mpi_table cvae_mpi_of_mpich;

#endif
