#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static char *clause(const char *format, ...) {
  va_list arguments;
  char *text = NULL;
  va_start(arguments, format);
  if (vasprintf(&text, format, arguments) < 0) abort();
  va_end(arguments);
  return text;
}

static const char *const symbol_names[] = {
#define CVAE_MPI_NAME(name) #name,
    CVAE_MPI_SYMBOLS(CVAE_MPI_NAME)
#undef CVAE_MPI_NAME
};

cvae_mpi *cvae_mpi_open(const char *path, char **reason) {
  // Open MPI's own plugins look for its symbols among the global ones.
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    *reason = clause("%s", dlerror());
    return NULL;
  }
  cvae_mpi *mpi = calloc(1, sizeof *mpi);
  if (!mpi) abort();
  for (int i = 0; i < cvae_mpi_symbol_count; i++) {
    mpi->symbols[i] = dlsym(library, symbol_names[i]);
    if (!mpi->symbols[i]) {
      *reason = clause("it has no function %s", symbol_names[i]);
      free(mpi);
      return NULL;
    }
  }
  // The only function that may be called before MPI is initialised and names the implementation.
  int length = 0;
  char version[8192] = "";
  ((int (*)(char *, int *))mpi->symbols[cvae_MPI_Get_library_version])(version, &length);
  snprintf(mpi->version, sizeof mpi->version, "%.500s", version);
  mpi->version[strcspn(mpi->version, "\n\t")] = 0;
  mpi->world = dlsym(library, "ompi_mpi_comm_world");
  mpi->byte = dlsym(library, "ompi_mpi_byte");
  mpi->errors_return = dlsym(library, "ompi_mpi_errors_return");
  if (mpi->world && mpi->byte && mpi->errors_return) {
    mpi->table = &cvae_mpi_of_open_mpi;
    return mpi;
  }
  static const char *const kin[] = {"MPICH", "MVAPICH", "Intel(R) MPI", "CRAY MPICH", "ParaStation"};
  for (size_t i = 0; i < sizeof kin / sizeof *kin; i++)
    if (strstr(version, kin[i])) mpi->table = &cvae_mpi_of_mpich;
  if (mpi->table) return mpi;
  *reason = clause(
      "it is neither Open MPI nor of MPICH's binary interface, but '%.200s'", mpi->version);
  free(mpi);
  return NULL;
}

const char *cvae_mpi_version(const cvae_mpi *mpi) { return mpi->version; }

int cvae_mpi_start(cvae_mpi *mpi, int *rank, int *count, bool *serialized) {
  return mpi->table->start(mpi, rank, count, serialized);
}

int cvae_mpi_finish(cvae_mpi *mpi) { return mpi->table->finish(mpi); }

int cvae_mpi_prepare(
    cvae_mpi *mpi, const cvae_mpi_message *sends, int send_count, const cvae_mpi_message *receives,
    int receive_count, int tag, cvae_mpi_exchange **exchange) {
  return mpi->table->prepare(mpi, sends, send_count, receives, receive_count, tag, exchange);
}

int cvae_mpi_begin(cvae_mpi *mpi, cvae_mpi_exchange *exchange) {
  return mpi->table->begin(mpi, exchange);
}

int cvae_mpi_test(cvae_mpi *mpi, cvae_mpi_exchange *exchange, bool *done) {
  return mpi->table->test(mpi, exchange, done);
}

void cvae_mpi_free(cvae_mpi *mpi, cvae_mpi_exchange *exchange) { mpi->table->free(mpi, exchange); }

int cvae_mpi_pending(cvae_mpi *mpi, cvae_mpi_exchange *exchange) {
  return mpi->table->pending(mpi, exchange);
}

void cvae_mpi_drop(cvae_mpi_exchange *exchange) {
  free(exchange->requests);
  free(exchange->peers);
  free(exchange);
}

void cvae_mpi_describe(cvae_mpi *mpi, int error, char *text) {
  mpi->table->describe(mpi, error, text);
}
