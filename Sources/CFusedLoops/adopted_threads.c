#define _GNU_SOURCE
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "threads.h"

// oneDNN's library calls OpenMP by some entry points of libgomp. Before anything runs, those calls are led to
// threads.c: in the table of addresses of that one library, so that no other library's OpenMP changes. A
// library that needs more than threads.c has, or none of it, is left as it is.

typedef struct {
  const char *name;
  void (*function)(void);
} entry;

#define ENTRY(name, function) {name, (void (*)(void))function}
static const entry entries[] = {
    ENTRY("GOMP_parallel", cvae_parallel),
    ENTRY("GOMP_parallel_start", cvae_parallel_start),
    ENTRY("GOMP_parallel_end", cvae_parallel_end),
    ENTRY("GOMP_barrier", cvae_barrier),
    ENTRY("GOMP_loop_static_start", cvae_loop_static_start),
    ENTRY("GOMP_loop_static_next", cvae_loop_static_next),
    ENTRY("GOMP_loop_end_nowait", cvae_loop_end_nowait),
    ENTRY("omp_get_thread_num", cvae_thread_number),
    ENTRY("omp_get_num_threads", cvae_thread_count),
    ENTRY("omp_get_max_threads", cvae_default_threads),
    ENTRY("omp_set_num_threads", cvae_set_threads),
    ENTRY("omp_in_parallel", cvae_in_parallel),
};

static const entry *entry_named(const char *name) {
  for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
    if (strcmp(entries[i].name, name) == 0) return &entries[i];
  return NULL;
}

static bool is_of_openmp(const char *name) {
  return strncmp(name, "GOMP_", 5) == 0 || strncmp(name, "omp_", 4) == 0;
}

/// What the dynamic linker reads of a library.
typedef struct {
  ElfW(Addr) base;
  const ElfW(Sym) *symbols;
  const char *names;
  struct {
    const ElfW(Rela) *first;
    size_t count;
  } relocations[2];
  /// What is read-only once the library is loaded.
  char *sealed;
  size_t sealed_bytes;
} library;

static library describe(const struct dl_phdr_info *info) {
  library l = {.base = info->dlpi_addr};
  const ElfW(Dyn) *dynamic = NULL;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    if (header->p_type == PT_DYNAMIC) dynamic = (const ElfW(Dyn) *)(l.base + header->p_vaddr);
    if (header->p_type == PT_GNU_RELRO) {
      ElfW(Addr) start = (l.base + header->p_vaddr) & ~(page - 1);
      ElfW(Addr) end = (l.base + header->p_vaddr + header->p_memsz) & ~(page - 1);
      l.sealed = (char *)start;
      l.sealed_bytes = end - start;
    }
  }
  for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
    switch (dynamic->d_tag) {
    case DT_SYMTAB: l.symbols = (const ElfW(Sym) *)dynamic->d_un.d_ptr; break;
    case DT_STRTAB: l.names = (const char *)dynamic->d_un.d_ptr; break;
    case DT_JMPREL: l.relocations[0].first = (const ElfW(Rela) *)dynamic->d_un.d_ptr; break;
    case DT_PLTRELSZ: l.relocations[0].count = dynamic->d_un.d_val / sizeof(ElfW(Rela)); break;
    case DT_RELA: l.relocations[1].first = (const ElfW(Rela) *)dynamic->d_un.d_ptr; break;
    case DT_RELASZ: l.relocations[1].count = dynamic->d_un.d_val / sizeof(ElfW(Rela)); break;
    default: break;
    }
  }
  return l;
}

#if defined(__x86_64__)
#define IS_ADDRESS(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_ADDRESS(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#else
#define IS_ADDRESS(type) false
#endif

/// Calls `visit` for each function that the library takes from another, until it returns false.
static bool each_import(
    const library *l, bool (*visit)(const library *l, const char *name, void **address)) {
  if (!l->symbols || !l->names) return false;
  for (int table = 0; table < 2; table++) {
    const ElfW(Rela) *first = l->relocations[table].first;
    for (size_t i = 0; first && i < l->relocations[table].count; i++) {
      if (!IS_ADDRESS(ELF64_R_TYPE(first[i].r_info))) continue;
      const char *name = l->names + l->symbols[ELF64_R_SYM(first[i].r_info)].st_name;
      if (!visit(l, name, (void **)(l->base + first[i].r_offset))) return false;
    }
  }
  return true;
}

static bool is_known(const library *l, const char *name, void **address) {
  (void)l;
  (void)address;
  return !is_of_openmp(name) || entry_named(name) != NULL;
}

static bool lead_here(const library *l, const char *name, void **address) {
  const entry *e = entry_named(name);
  if (!e) return true;
  bool is_sealed = (char *)address >= l->sealed && (char *)address < l->sealed + l->sealed_bytes;
  if (is_sealed && mprotect(l->sealed, l->sealed_bytes, PROT_READ | PROT_WRITE) != 0) return false;
  *address = (void *)e->function;
  if (is_sealed) mprotect(l->sealed, l->sealed_bytes, PROT_READ);
  return true;
}

static int adopt(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  const char *slash = strrchr(info->dlpi_name, '/');
  const char *file = slash ? slash + 1 : info->dlpi_name;
  if (strncmp(file, "libdnnl.so", 10) != 0) return 0;
  library l = describe(info);
  if (each_import(&l, is_known)) *(bool *)data = each_import(&l, lead_here);
  return 1;
}

static bool adopted;

bool cvae_threads_are_shared(void) { return adopted; }

/// All libraries that a program names are loaded when its own constructors run.
__attribute__((constructor)) static void adopt_onednn(void) { dl_iterate_phdr(adopt, &adopted); }
