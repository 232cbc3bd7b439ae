// The calls of one binary interface. Before including, define TABLE, the types COMMUNICATOR, DATATYPE, ERRHANDLER and
// REQUEST, their values WORLD(mpi), BYTE(mpi) and ERRORS_RETURN(mpi), and IGNORED_STATUS.

#include <stdlib.h>
#include <string.h>

#include "table.h"

#define CALL(mpi, name, ...) ((int (*)(__VA_ARGS__))(mpi)->symbols[cvae_##name])

static int start(cvae_mpi *mpi, int *rank, int *count, bool *serialized) {
  enum { serialized_threads = 2 };
  int level = 0, is_initialized = 0;
  int error = CALL(mpi, MPI_Initialized, int *)(&is_initialized);
  if (error) return error;
  if (is_initialized) {
    level = serialized_threads;
  } else {
    error = CALL(mpi, MPI_Init_thread, int *, char ***, int, int *)(
        NULL, NULL, serialized_threads, &level);
    if (error) return error;
  }
  *serialized = level >= serialized_threads;
  // Errors are returned, so that they can be told in our own words.
  CALL(mpi, MPI_Comm_set_errhandler, COMMUNICATOR, ERRHANDLER)(WORLD(mpi), ERRORS_RETURN(mpi));
  error = CALL(mpi, MPI_Comm_rank, COMMUNICATOR, int *)(WORLD(mpi), rank);
  return error ? error : CALL(mpi, MPI_Comm_size, COMMUNICATOR, int *)(WORLD(mpi), count);
}

static int finish(cvae_mpi *mpi) { return CALL(mpi, MPI_Finalize, void)(); }

static int prepare_message(
    cvae_mpi *mpi, int symbol, const cvae_mpi_message *message, int tag, REQUEST *request) {
  return ((int (*)(void *, int, DATATYPE, int, int, COMMUNICATOR, REQUEST *))mpi->symbols[symbol])(
      message->data, message->bytes, BYTE(mpi), message->peer, tag, WORLD(mpi), request);
}

static void release(cvae_mpi *mpi, cvae_mpi_exchange *exchange) {
  REQUEST *requests = exchange->requests;
  for (int i = 0; i < exchange->count; i++)
    CALL(mpi, MPI_Request_free, REQUEST *)(&requests[i]);
  cvae_mpi_drop(exchange);
}

static int prepare(
    cvae_mpi *mpi, const cvae_mpi_message *sends, int send_count, const cvae_mpi_message *receives,
    int receive_count, int tag, cvae_mpi_exchange **exchange) {
  cvae_mpi_exchange *made = calloc(1, sizeof *made);
  if (!made) abort();
  REQUEST *requests = calloc((size_t)(send_count + receive_count) + 1, sizeof *requests);
  if (!requests) abort();
  made->requests = requests;
  made->receive_count = receive_count;
  made->peers = calloc((size_t)(send_count + receive_count) + 1, sizeof *made->peers);
  if (!made->peers) abort();
  for (int i = 0; i < receive_count; i++) made->peers[i] = receives[i].peer;
  for (int i = 0; i < send_count; i++) made->peers[receive_count + i] = sends[i].peer;
  int error = 0;
  // Receives first, so that what is sent finds its place waiting.
  for (int i = 0; i < receive_count && !error; i++, made->count += !error)
    error = prepare_message(mpi, cvae_MPI_Recv_init, &receives[i], tag, &requests[made->count]);
  for (int i = 0; i < send_count && !error; i++, made->count += !error)
    error = prepare_message(mpi, cvae_MPI_Send_init, &sends[i], tag, &requests[made->count]);
  if (error) {
    release(mpi, made);
    return error;
  }
  *exchange = made;
  return 0;
}

static int begin(cvae_mpi *mpi, cvae_mpi_exchange *exchange) {
  return CALL(mpi, MPI_Startall, int, REQUEST *)(exchange->count, exchange->requests);
}

static int test(cvae_mpi *mpi, cvae_mpi_exchange *exchange, bool *done) {
  int flag = 0;
  int error = CALL(mpi, MPI_Testall, int, REQUEST *, int *, void *)(
      exchange->count, exchange->requests, &flag, IGNORED_STATUS);
  *done = flag != 0;
  return error;
}

static int pending(cvae_mpi *mpi, cvae_mpi_exchange *exchange) {
  REQUEST *requests = exchange->requests;
  for (int i = 0; i < exchange->count; i++) {
    int flag = 0;
    int error = CALL(mpi, MPI_Test, REQUEST *, int *, void *)(&requests[i], &flag, IGNORED_STATUS);
    if (error || !flag) return exchange->peers[i];
  }
  return -1;
}

static void describe(cvae_mpi *mpi, int error, char *text) {
  int length = 0;
  text[0] = 0;
  CALL(mpi, MPI_Error_string, int, char *, int *)(error, text, &length);
  text[511] = 0;
}

const cvae_mpi_table TABLE = {start, finish, prepare, begin, test, pending,
                              release, describe};
