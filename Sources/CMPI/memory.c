#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cvae_mpi.h"

int cvae_memory_file(long long size) {
  // A limit for files holds for these, too, and would end the process.
  struct rlimit limit;
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
      && (rlim_t)size > limit.rlim_cur) {
    errno = EFBIG;
    return -1;
  }
  int file = memfd_create("cvae", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, size) == 0) return file;
  close(file);
  return -1;
}
