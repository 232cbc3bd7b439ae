// Open MPI, versions 2 to 5 (libmpi.so.20 and 40): handles are pointers, the predefined ones addresses of exported
// objects. Source: its mpi.h.
#define TABLE cvae_mpi_of_open_mpi
#define COMMUNICATOR void *
#define DATATYPE void *
#define ERRHANDLER void *
#define REQUEST void *
#define WORLD(mpi) (mpi)->world
#define BYTE(mpi) (mpi)->byte
#define ERRORS_RETURN(mpi) (mpi)->errors_return
#define IGNORED_STATUS NULL
#include "calls.h"
