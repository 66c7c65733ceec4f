/* Where code lives: which mapped object an instruction belongs to, and what a halt may do there.

   The interpreter's own text, extension modules and the core may be left anywhere.  Libraries that these compute in may
   hold a lock for a moment.  libc is left in a few places only, the loader and the C runtime nowhere.

   The table is built by the watchdog, which may wait for the loader's lock; handlers read it without one. */

#include "halt_internal.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

/* Published whole; a handler reads it while the watchdog builds the next one in the other half. */
#define MAX_SEGMENTS 512
static struct {
    segment at[MAX_SEGMENTS];
    int count;
} maps[2];
static _Atomic int current_map;
static unsigned long long map_adds, map_subs;

static const char *
last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool
is_extension(const char *path)
{
    const char *name = last_part(path);
    return strstr(name, ".cpython-") != NULL || strstr(name, ".abi3.") != NULL ||
           strstr(path, "lib-dynload") != NULL;
}

static place
place_of_object(const char *path)
{
    const char *name = last_part(path);
    static const char *const never[] = {"ld-linux",   "ld-musl", "linux-vdso", "libgcc_s",
                                        "libpthread", "libdl.",  "librt.",     "libasan",
                                        "libubsan",   "libtsan", "libstdc++"};
    if (*name == '\0' || strncmp(name, "libpython", 9) == 0 || is_extension(path)) {
        return PLACE_INTERPRETER;
    }
    if (strncmp(name, "libc.so", 7) == 0 || strncmp(name, "libc-", 5) == 0) {
        return PLACE_LIBC;
    }
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
        if (strncmp(name, never[i], strlen(never[i])) == 0) {
            return PLACE_NEVER;
        }
    }
    return PLACE_COMPUTING;
}

bool
enc_is_library(const char *path)
{
    return place_of_object(path) == PLACE_COMPUTING || is_extension(path);
}

static int
add_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    int next = *(int *)arg;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof(info->dlpi_subs)) {
        if (maps[next].count == 0 && info->dlpi_adds == map_adds && info->dlpi_subs == map_subs) {
            return 1; /* nothing was loaded since */
        }
        map_adds = info->dlpi_adds;
        map_subs = info->dlpi_subs;
    }
    place kind = place_of_object(info->dlpi_name ? info->dlpi_name : "");
    for (int i = 0; i < info->dlpi_phnum && maps[next].count < MAX_SEGMENTS; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type == PT_LOAD && (ph->p_flags & PF_X)) {
            segment *s = &maps[next].at[maps[next].count++];
            s->lo = info->dlpi_addr + ph->p_vaddr;
            s->hi = s->lo + ph->p_memsz;
            s->kind = kind;
        }
    }
    return 0;
}

void
enc_places_refresh(void)
{
    int next = !atomic_load(&current_map);
    maps[next].count = 0;
    if (dl_iterate_phdr(add_object, &next) == 0) {
        atomic_store(&current_map, next);
    }
    enc_library_calls_cover();
}

const segment *
enc_find_segment(uintptr_t ip)
{
    int map = atomic_load(&current_map);
    for (int i = 0; i < maps[map].count; i++) {
        if (ip - maps[map].at[i].lo < maps[map].at[i].hi - maps[map].at[i].lo) {
            return &maps[map].at[i];
        }
    }
    return NULL;
}

/* String functions take no locks and call nothing; how long they run is up to the guest.  The addresses are those
   that the loader chose for this processor; what follows within the span is more of the same section. */
#define STRING_SPAN 0xc00
static uintptr_t string_functions[16];

static void
find_string_functions(void)
{
    static const char *const names[] = {"memcpy", "memmove", "memset",   "memchr",  "memrchr",
                                        "memcmp", "strlen",  "wmemset",  "wmemcmp", "wmemchr",
                                        "wcslen", "strchr",  "rawmemchr"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        void *f = dlsym(RTLD_DEFAULT, names[i]);
        if (f != NULL) {
            string_functions[n++] = (uintptr_t)f;
        }
    }
}

bool
enc_in_string_function(uintptr_t ip)
{
    for (size_t i = 0; string_functions[i] != 0; i++) {
        if (ip - string_functions[i] < STRING_SPAN) {
            return true;
        }
    }
    return false;
}

void
enc_places_init(void)
{
    find_string_functions();
}
