#include "pjrt.h"

#include <dlfcn.h>
#include <stdlib.h>

void cvae_pjrt_be_quiet(void) { setenv("TF_CPP_MIN_LOG_LEVEL", "2", 0); }

const pjrt_api *cvae_pjrt_open(const char *path, const char **message) {
  *message = NULL;
  // Local, so that plugins that hold the same library in different versions don't meet.
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    *message = dlerror();
    return NULL;
  }
  const pjrt_api *(*get)(void) = (const pjrt_api *(*)(void))dlsym(library, "GetPjrtApi");
  if (!get) {
    *message = "it exports no function GetPjrtApi";
    return NULL;
  }
  const pjrt_api *api = get();
  if (!api) *message = "its GetPjrtApi returned nothing";
  return api;
}

pjrt_error *cvae_pjrt_call(
    const pjrt_api *api, pjrt_function function, void *arguments, bool *exists) {
  size_t end = offsetof(pjrt_api, functions) + ((size_t)function + 1) * sizeof(void *);
  *exists = api->struct_size >= end && api->functions[function];
  if (!*exists) return NULL;
  if (function == PJRT_ERROR_DESTROY || function == PJRT_ERROR_MESSAGE) {
    ((void (*)(void *))api->functions[function])(arguments);
    return NULL;
  }
  return ((pjrt_error * (*)(void *)) api->functions[function])(arguments);
}
