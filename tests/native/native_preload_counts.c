/* Preloaded into a Python: counts what it copies and what the interpreter's allocators are asked for.

   Copies are the calls of memcpy() and memmove() that are not compiled into a few moves.  Read and set by ctypes. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- Copies -------------------------------------------------------------------------------------------------------- */

/* Of at least so many bytes, into [lo, hi) and from outside of it. */
_Atomic size_t counts_copy_least = SIZE_MAX;
_Atomic uintptr_t counts_copy_lo, counts_copy_hi = UINTPTR_MAX;
_Atomic bool counts_copy_from_outside;
_Atomic uint64_t counts_copied_bytes, counts_copies;

static void
note_copy(const void *to, const void *from, size_t n)
{
    if (n < atomic_load_explicit(&counts_copy_least, memory_order_relaxed)) {
        return;
    }
    uintptr_t lo = atomic_load(&counts_copy_lo), hi = atomic_load(&counts_copy_hi);
    bool inside = (uintptr_t)from >= lo && (uintptr_t)from < hi;
    if ((uintptr_t)to >= lo && (uintptr_t)to < hi && !(inside && atomic_load(&counts_copy_from_outside))) {
        atomic_fetch_add(&counts_copied_bytes, n);
        atomic_fetch_add(&counts_copies, 1);
    }
}

/* Own loops would be slow, and be compiled into calls of themselves. */
static void
copy(void *to, const void *from, size_t n)
{
#if defined(__x86_64__)
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
#else
    volatile unsigned char *out = to;
    const unsigned char *in = from;
    while (n-- > 0) {
        *out++ = *in++;
    }
#endif
}

void *
memcpy(void *restrict to, const void *restrict from, size_t n)
{
    note_copy(to, from, n);
    copy(to, from, n);
    return to;
}

void *
memmove(void *to, const void *from, size_t n)
{
    note_copy(to, from, n);
    if ((uintptr_t)to - (uintptr_t)from >= n) {
        copy(to, from, n);
    }
    else {
        volatile unsigned char *out = to;
        const unsigned char *in = from;
        while (n-- > 0) {
            out[n] = in[n];
        }
    }
    return to;
}

void *
__memcpy_chk(void *to, const void *from, size_t n, size_t room)
{
    (void)room;
    return memcpy(to, from, n);
}

void *
__memmove_chk(void *to, const void *from, size_t n, size_t room)
{
    (void)room;
    return memmove(to, from, n);
}

/* --- Allocations --------------------------------------------------------------------------------------------------- */

/* PyMemAllocatorEx and the functions that set it, as Python's documentation has them. */
typedef struct {
    void *ctx;
    void *(*malloc)(void *ctx, size_t n);
    void *(*calloc)(void *ctx, size_t count, size_t n);
    void *(*realloc)(void *ctx, void *p, size_t n);
    void (*free)(void *ctx, void *p);
} allocator;

extern void PyMem_GetAllocator(int domain, allocator *a) __attribute__((weak));
extern void PyMem_SetAllocator(int domain, allocator *a) __attribute__((weak));

enum { DOMAINS = 3 };
static allocator before[DOMAINS];
/* Only the thread that asks is counted, so that what guests do is not. */
static _Thread_local bool counting;
static _Thread_local uint64_t allocations, allocated_bytes;

static void
note(size_t n)
{
    if (counting) {
        allocations++;
        allocated_bytes += n;
    }
}

static void *
counted_malloc(void *ctx, size_t n)
{
    const allocator *a = ctx;
    note(n);
    return a->malloc(a->ctx, n);
}

static void *
counted_calloc(void *ctx, size_t count, size_t n)
{
    const allocator *a = ctx;
    note(count * n);
    return a->calloc(a->ctx, count, n);
}

static void *
counted_realloc(void *ctx, void *p, size_t n)
{
    const allocator *a = ctx;
    note(n);
    return a->realloc(a->ctx, p, n);
}

static void
counted_free(void *ctx, void *p)
{
    const allocator *a = ctx;
    a->free(a->ctx, p);
}

/* Once, while no guest runs. */
void
counts_hook(void)
{
    for (int domain = 0; domain < DOMAINS; domain++) {
        PyMem_GetAllocator(domain, &before[domain]);
        allocator ours = {&before[domain], counted_malloc, counted_calloc, counted_realloc, counted_free};
        PyMem_SetAllocator(domain, &ours);
    }
}

void
counts_begin(void)
{
    allocations = allocated_bytes = 0;
    counting = true;
}

void
counts_end(uint64_t found[2])
{
    counting = false;
    found[0] = allocations;
    found[1] = allocated_bytes;
}
