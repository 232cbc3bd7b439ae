#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "cvae_mpi.h"

int cvae_memory_file(long long size) {
  int file = memfd_create("cvae", MFD_CLOEXEC);
  if (file < 0 || ftruncate(file, size) == 0) return file;
  close(file);
  return -1;
}
