/// The part of PJRT's C API that the executor uses, and a way to open a plugin.
///
/// PJRT is how XLA offers devices: a shared library exports `GetPjrtApi`, which returns a table of functions. Each takes
/// one structure of arguments, whose first field is its size, and returns an error or nothing. Layouts and the order of
/// the table were read from openxla/xla's `pjrt_c_api.h`, API 0.70 to 0.116; a plugin may only add at the end of a
/// structure and of the table.
///
/// A plugin refuses structures that are shorter than its own. Those that have grown end in zeros here (`later`), as room
/// for what newer plugins know, of which zeros mean nothing.
#ifndef CVAE_PJRT_H
#define CVAE_PJRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pjrt_error pjrt_error;
typedef struct pjrt_event pjrt_event;
typedef struct pjrt_client pjrt_client;
typedef struct pjrt_device pjrt_device;
typedef struct pjrt_device_description pjrt_device_description;
typedef struct pjrt_memory pjrt_memory;
typedef struct pjrt_executable pjrt_executable;
typedef struct pjrt_buffer pjrt_buffer;

/// The functions used, by their place in the table.
typedef enum {
  PJRT_ERROR_DESTROY = 0,
  PJRT_ERROR_MESSAGE = 1,
  PJRT_ERROR_GET_CODE = 2,
  PJRT_PLUGIN_INITIALIZE = 3,
  PJRT_EVENT_DESTROY = 5,
  PJRT_EVENT_AWAIT = 8,
  PJRT_CLIENT_CREATE = 10,
  PJRT_CLIENT_DESTROY = 11,
  PJRT_CLIENT_PLATFORM_NAME = 12,
  PJRT_CLIENT_PLATFORM_VERSION = 14,
  PJRT_CLIENT_ADDRESSABLE_DEVICES = 16,
  PJRT_CLIENT_COMPILE = 20,
  PJRT_CLIENT_BUFFER_FROM_HOST_BUFFER = 22,
  PJRT_DEVICE_DESCRIPTION_ID = 23,
  PJRT_DEVICE_DESCRIPTION_KIND = 26,
  PJRT_DEVICE_GET_DESCRIPTION = 29,
  PJRT_LOADED_EXECUTABLE_DESTROY = 50,
  PJRT_LOADED_EXECUTABLE_EXECUTE = 55,
  PJRT_BUFFER_DESTROY = 58,
  PJRT_BUFFER_TO_HOST_BUFFER = 70
} pjrt_function;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  int major_version;
  int minor_version;
} pjrt_api_version;

/// What `GetPjrtApi` returns; functions follow.
typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_api_version version;
  void *_Nullable functions[];
} pjrt_api;

/// Opens a plugin, never to be closed: its threads and registries outlive any client. Null where that failed; then
/// `message` is the reason, valid until the next call of dlopen in this thread.
const pjrt_api *_Nullable cvae_pjrt_open(
    const char *_Nonnull path, const char *_Nullable *_Nonnull message);

/// Sets TF_CPP_MIN_LOG_LEVEL to 2, errors alone, unless it is set: plugins read it when they are opened.
void cvae_pjrt_be_quiet(void);

/// Calls a function of the table. `*exists` is false where the plugin has none of that place.
pjrt_error *_Nullable cvae_pjrt_call(
    const pjrt_api *_Nonnull api, pjrt_function function, void *_Nonnull arguments,
    bool *_Nonnull exists);

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_error *_Nullable error;
} pjrt_error_destroy_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_error *_Nullable error;
  const char *_Nullable message;
  size_t message_size;
} pjrt_error_message_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_error *_Nullable error;
  int code;
} pjrt_error_get_code_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
} pjrt_plugin_initialize_args;

/// Of both destruction and waiting.
typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_event *_Nullable event;
} pjrt_event_args;

/// A setting by name.
typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  const char *_Nullable name;
  size_t name_size;
  /// 0 a string, 1 a 64-bit number, 2 a list of them, 3 a float, 4 a bool.
  int type;
  union {
    const char *_Nullable string_value;
    int64_t int64_value;
    const int64_t *_Nullable int64_array_value;
    float float_value;
    bool bool_value;
  };
  /// Characters, or numbers of a list; 1 else.
  size_t value_size;
} pjrt_named_value;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  const pjrt_named_value *_Nullable create_options;
  size_t num_options;
  void *_Nullable kv_get_callback;
  void *_Nullable kv_get_user_arg;
  void *_Nullable kv_put_callback;
  void *_Nullable kv_put_user_arg;
  pjrt_client *_Nullable client;
  void *_Nullable kv_try_get_callback;
  void *_Nullable kv_try_get_user_arg;
  void *_Nullable later[8];
} pjrt_client_create_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_client *_Nullable client;
} pjrt_client_destroy_args;

/// Of the platform's name and of its version.
typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_client *_Nullable client;
  const char *_Nullable text;
  size_t text_size;
} pjrt_client_text_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_client *_Nullable client;
  pjrt_device *_Nullable const *_Nullable devices;
  size_t num_devices;
} pjrt_client_addressable_devices_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_device *_Nullable device;
  pjrt_device_description *_Nullable description;
} pjrt_device_get_description_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_device_description *_Nullable description;
  int id;
} pjrt_device_description_id_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_device_description *_Nullable description;
  const char *_Nullable text;
  size_t text_size;
} pjrt_device_description_text_args;

/// A program; the format is `mlir` for StableHLO, as text or as bytecode.
typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  const char *_Nullable code;
  size_t code_size;
  const char *_Nullable format;
  size_t format_size;
  void *_Nullable later[4];
} pjrt_program;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_client *_Nullable client;
  const pjrt_program *_Nullable program;
  const char *_Nullable compile_options;
  size_t compile_options_size;
  pjrt_executable *_Nullable executable;
  void *_Nullable later[4];
} pjrt_client_compile_args;

/// Types of elements, of those in PJRT's enumeration that the executor uses.
typedef enum { PJRT_S32 = 4, PJRT_U32 = 8, PJRT_F32 = 11 } pjrt_element_type;

/// A dense layout: the axes from the innermost outwards, without tiles.
typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  /// The tiled form, at the place of the union with strides.
  size_t tiled_struct_size;
  void *_Nullable tiled_extension_start;
  const int64_t *_Nullable minor_to_major;
  size_t minor_to_major_size;
  const int64_t *_Nullable tile_dims;
  const size_t *_Nullable tile_dim_sizes;
  size_t num_tiles;
  /// 0: tiled.
  int type;
} pjrt_layout;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_client *_Nullable client;
  const void *_Nullable data;
  pjrt_element_type type;
  const int64_t *_Nullable dims;
  size_t num_dims;
  const int64_t *_Nullable byte_strides;
  size_t num_byte_strides;
  /// 0: the data stay as they are during the call; 1: until the transfer is done.
  int host_buffer_semantics;
  pjrt_device *_Nullable device;
  pjrt_memory *_Nullable memory;
  const pjrt_layout *_Nullable device_layout;
  /// Result.
  pjrt_event *_Nullable done_with_host_buffer;
  /// Result.
  pjrt_buffer *_Nullable buffer;
  void *_Nullable later[4];
} pjrt_buffer_from_host_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_buffer *_Nullable buffer;
} pjrt_buffer_destroy_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_buffer *_Nullable source;
  const pjrt_layout *_Nullable host_layout;
  void *_Nullable target;
  size_t target_size;
  /// Result.
  pjrt_event *_Nullable event;
  void *_Nullable later[4];
} pjrt_buffer_to_host_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_executable *_Nullable executable;
} pjrt_executable_destroy_args;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  void *_Nullable send_callbacks;
  void *_Nullable receive_callbacks;
  size_t num_send_operations;
  size_t num_receive_operations;
  int launch_id;
  const int64_t *_Nullable non_donatable_input_indices;
  size_t num_non_donatable_input_indices;
  void *_Nullable context;
  const char *_Nullable call_location;
  size_t num_tasks;
  int *_Nullable task_ids;
  int64_t *_Nullable incarnation_ids;
  void *_Nullable multi_slice_configuration;
  bool uses_major_to_minor_layout_for_callbacks;
  void *_Nullable output_callbacks;
  size_t num_output_callbacks;
  void *_Nullable later[8];
} pjrt_execute_options;

typedef struct {
  size_t struct_size;
  void *_Nullable extension_start;
  pjrt_executable *_Nullable executable;
  pjrt_execute_options *_Nullable options;
  /// For each device, its arguments.
  pjrt_buffer *_Nullable const *_Nonnull const *_Nullable argument_lists;
  size_t num_devices;
  size_t num_arguments;
  /// Result, in room of the caller's.
  pjrt_buffer *_Nullable *_Nonnull const *_Nullable output_lists;
  /// Result, in room of the caller's: one for each device.
  pjrt_event *_Nullable *_Nullable device_complete_events;
  pjrt_device *_Nullable execute_device;
  void *_Nullable later[4];
} pjrt_execute_args;

#endif
