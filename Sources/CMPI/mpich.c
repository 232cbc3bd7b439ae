// The interface of the MPICH ABI Compatibility Initiative (libmpi.so.12): handles are integers with fixed predefined
// values. Source: MPICH's mpi.h.
#define TABLE cvae_mpi_of_mpich
#define COMMUNICATOR int
#define DATATYPE int
#define ERRHANDLER int
#define REQUEST int
#define WORLD(mpi) 0x44000000
#define BYTE(mpi) 0x4c00010d
#define ERRORS_RETURN(mpi) 0x54000001
#define IGNORED_STATUS ((void *)1)
#include "calls.h"
