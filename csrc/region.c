/* Slots' address ranges.

   One reservation of address space for the process is cut into units of 64 MiB; a range is a run of units.  An address
   is then attributed to a slot by a subtraction and a table look-up, from any thread, without a lock.

   Threads.  Ownership of units is under `units_lock`; the table of owners is read without it. */

#include "region.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define UNIT ENC_REGION_UNIT
#define MAX_UNITS ENC_REGION_MAX_UNITS

uintptr_t enc_region_base;
size_t enc_region_size;
_Atomic(void *) enc_region_owners[MAX_UNITS];

static unsigned char unit_used[MAX_UNITS];
static pthread_mutex_t units_lock = PTHREAD_MUTEX_INITIALIZER;

int
enc_region_init(void)
{
    if (enc_region_base != 0) {
        return 0;
    }
    void *wish = NULL;
#ifdef ENCLAVE_TESTING
    const char *at = getenv("ENCLAVE_REGION_AT"); /* where tests want it; see tests/core/outside.py */
    wish = at != NULL ? (void *)(uintptr_t)strtoull(at, NULL, 0) : NULL;
#endif
    /* Halve the size until the address-space limits of the process allow it. */
    for (size_t size = UNIT * MAX_UNITS; size >= UNIT * 4; size /= 2) {
        void *p = mmap(wish, size + UNIT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) {
            continue;
        }
        uintptr_t start = ((uintptr_t)p + UNIT - 1) & ~(UNIT - 1);
        munmap(p, start - (uintptr_t)p);
        munmap((void *)(start + size), (uintptr_t)p + UNIT - start);
        madvise((void *)start, size, MADV_DONTDUMP);
        enc_region_size = size;
        enc_region_base = start;
        return 0;
    }
    return ENOMEM;
}

void *
enc_region_reserve(size_t size, size_t *got)
{
    size_t want = ENC_ALIGN_UP(size, UNIT) / UNIT;
    size_t total = enc_region_size / UNIT;
    void *found = NULL;
    pthread_mutex_lock(&units_lock);
    for (size_t i = 0, run = 0; i < total; i++) {
        run = unit_used[i] ? 0 : run + 1;
        if (run == want) {
            size_t first = i + 1 - want;
            memset(unit_used + first, 1, want);
            found = (void *)(enc_region_base + first * UNIT);
            break;
        }
    }
    pthread_mutex_unlock(&units_lock);
    if (found == NULL) {
        return NULL;
    }
    *got = want * UNIT;
    if (mmap(found, *got, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
             0) == MAP_FAILED) {
        enc_region_release(found, *got);
        return NULL;
    }
    madvise(found, *got, MADV_NOHUGEPAGE);
    return found;
}

void
enc_region_release(void *base, size_t size)
{
    enc_region_set_owner(base, size, NULL);
    if (mmap(base, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) ==
        MAP_FAILED) {
        /* Out of mappings: at least the memory goes back.  Whoever is given the addresses next maps them anew. */
        madvise(base, size, MADV_DONTNEED);
    }
    pthread_mutex_lock(&units_lock);
    memset(unit_used + ((uintptr_t)base - enc_region_base) / UNIT, 0, size / UNIT);
    pthread_mutex_unlock(&units_lock);
}

void
enc_region_set_owner(void *base, size_t size, void *owner)
{
    size_t first = ((uintptr_t)base - enc_region_base) / UNIT;
    for (size_t i = 0; i < size / UNIT; i++) {
        atomic_store_explicit(&enc_region_owners[first + i], owner, memory_order_release);
    }
}
