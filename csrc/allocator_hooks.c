/* Where CPython's allocations go: the slot's range or where they went before.

   The raw domain and the arena allocator are wrapped.  The object domain is left alone where it is pymalloc's (plain or
   under the debug hooks): it takes its memory from those two.  Where it is not (PYTHONMALLOC=malloc, mimalloc), the
   object and memory domains are wrapped as well.

   A slot's thread allocates in its range only while the current interpreter is the slot's or there is none: CPython
   switches to the main interpreter now and then, and what it allocates there outlives the slot.  A block goes back to
   where it came from, by its address: to the range's heap on the slot's own thread, onto the slot's list of remote frees
   on any other.

   An allocation that would cross the limit does not return NULL, which some thirty places of CPython's own C code do
   not survive (gh-151763): it leaves the guest.  Only where that is impossible (a lock of the runtime is held) it is
   granted from a small reserve, and the halt is asked for instead. */

#include "core.h"
#include "region_fast.h"

#include <string.h>

typedef struct {
    PyMemAllocatorEx to;
    PyMemAllocatorDomain domain;
} wrapped;

static wrapped raw = {.domain = PYMEM_DOMAIN_RAW};
static wrapped mem = {.domain = PYMEM_DOMAIN_MEM};
static wrapped obj = {.domain = PYMEM_DOMAIN_OBJ};
static PyObjectArenaAllocator arena;

/* pymalloc cuts an arena into pools of 16 KiB at multiples of their size. */
#define ARENA_ALIGN ((size_t)16 << 10)

static inline bool
interp_in_range(const enc_slot *slot, const PyThreadState *tstate)
{
    return tstate == NULL || (uintptr_t)tstate->interp - slot->base < slot->size;
}

static inline enc_slot *
serving_slot(void)
{
    enc_slot *slot = enc_current_slot;
    if (__builtin_expect(slot == NULL, 1)) {
        return NULL;
    }
    /* Nearly always it is the slot's own thread state that is attached, which is seen without a call. */
    if ((slot->tstate == NULL || !compat_is_attached(slot->tstate)) &&
        !interp_in_range(slot, compat_tstate())) {
        return NULL;
    }
    if (__builtin_expect(atomic_load_explicit(&slot->remote_frees, memory_order_relaxed) != NULL, 0)) {
        enc_hooks_drain(slot);
    }
    return slot;
}

/* The limit is reached.  Returns only if the guest cannot be left from here. */
static void
at_limit(enc_slot *slot)
{
    enc_halt_self(slot, ENC_HALT_MEMORY);
    enc_heap_lift(slot->heap, true);
}

/* The same in a build for tests, where this allocation was to meet it. */
static inline void
limit_on_request(enc_slot *slot)
{
    if (ENC_FAULT(ENC_FAULT_RANGE, "range")) {
        at_limit(slot);
    }
}

/* --- Frees from other threads ---------------------------------------------------------------------------------- */

static void
free_remote(enc_slot *owner, void *p)
{
    if (owner == NULL) {
        return; /* the slot is gone, and its memory with it */
    }
    void *head = atomic_load(&owner->remote_frees);
    do {
        *(void **)p = head;
    } while (!atomic_compare_exchange_weak(&owner->remote_frees, &head, p));
}

void
enc_hooks_drain(enc_slot *slot)
{
    void *p = atomic_exchange(&slot->remote_frees, NULL);
    while (p != NULL) {
        void *next = *(void **)p;
        enc_heap_free(slot->heap, p);
        p = next;
    }
}

/* --- Domains ------------------------------------------------------------------------------------------------------ */

static __attribute__((noinline)) void *
alloc(enc_slot *slot, size_t n)
{
    void *p = enc_heap_alloc(slot->heap, n);
    if (__builtin_expect(p == NULL, 0)) {
        at_limit(slot);
        p = enc_heap_alloc(slot->heap, n);
    }
    return p;
}

static void *
hook_malloc(void *ctx, size_t n)
{
    const wrapped *w = ctx;
    enc_slot *slot = serving_slot();
    if (slot == NULL) {
        return w->to.malloc(w->to.ctx, n);
    }
    limit_on_request(slot);
    void *p = enc_heap_take_spare(slot->heap, n);
    return __builtin_expect(p != NULL, 1) ? p : alloc(slot, n);
}

static void *
hook_calloc(void *ctx, size_t count, size_t n)
{
    const wrapped *w = ctx;
    enc_slot *slot = serving_slot();
    if (slot == NULL) {
        return w->to.calloc(w->to.ctx, count, n);
    }
    limit_on_request(slot);
    void *p = enc_heap_calloc(slot->heap, count, n);
    if (__builtin_expect(p == NULL, 0)) {
        at_limit(slot);
        p = enc_heap_calloc(slot->heap, count, n);
    }
    return p;
}

static void
hook_free(void *ctx, void *p)
{
    const wrapped *w = ctx;
    if (__builtin_expect(!enc_region_contains(p), 1)) {
        w->to.free(w->to.ctx, p);
        return;
    }
    enc_slot *owner = enc_region_owner(p);
    if (owner == NULL || owner != enc_current_slot) {
        free_remote(owner, p);
    }
    else if (!enc_heap_keep_spare(owner->heap, p)) {
        enc_heap_free(owner->heap, p);
    }
}

static void *
hook_realloc(void *ctx, void *p, size_t n)
{
    const wrapped *w = ctx;
    if (p == NULL) {
        return hook_malloc(ctx, n);
    }
    if (!enc_region_contains(p)) {
        return w->to.realloc(w->to.ctx, p, n);
    }
    enc_slot *owner = enc_region_owner(p);
    if (owner != NULL && owner == enc_current_slot) {
        limit_on_request(owner);
        void *moved = enc_heap_realloc(owner->heap, p, n);
        if (__builtin_expect(moved == NULL, 0)) {
            at_limit(owner);
            moved = enc_heap_realloc(owner->heap, p, n);
        }
        return moved;
    }
    void *moved = w->to.malloc(w->to.ctx, n);
    if (moved != NULL && owner != NULL) {
        size_t old = enc_heap_usable(p);
        memcpy(moved, p, old < n ? old : n);
        free_remote(owner, p);
    }
    return moved;
}

static void *
hook_arena_alloc(void *Py_UNUSED(ctx), size_t n)
{
    enc_slot *slot = serving_slot();
    if (slot == NULL) {
        return arena.alloc(arena.ctx, n);
    }
    limit_on_request(slot);
    void *p = enc_heap_memalign(slot->heap, ARENA_ALIGN, n);
    if (__builtin_expect(p == NULL, 0)) {
        at_limit(slot);
        p = enc_heap_memalign(slot->heap, ARENA_ALIGN, n);
    }
    return p;
}

static void
hook_arena_free(void *Py_UNUSED(ctx), void *p, size_t n)
{
    if (!enc_region_contains(p)) {
        arena.free(arena.ctx, p, n);
        return;
    }
    hook_free(&raw, p);
}

static void
wrap(wrapped *w)
{
    PyMem_GetAllocator(w->domain, &w->to);
    PyMemAllocatorEx hooks = {w, hook_malloc, hook_calloc, hook_realloc, hook_free};
    PyMem_SetAllocator(w->domain, &hooks);
}

static void *
outside_malloc(size_t n)
{
    return raw.to.malloc(raw.to.ctx, n);
}

static char below[32];

const char *
enc_hooks_allocator(void)
{
    return below;
}

void
enc_hooks_install(void)
{
    if (below[0] != 0) {
        return; /* a second import: the hooks must not wrap themselves */
    }
    snprintf(below, sizeof(below), "%s", compat_allocator_name());
    wrap(&raw);
    if (strncmp(below, "pymalloc", 8) != 0) {
        wrap(&mem);
        wrap(&obj);
    }
    PyObject_GetArenaAllocator(&arena);
    PyObjectArenaAllocator hooks = {NULL, hook_arena_alloc, hook_arena_free};
    PyObject_SetArenaAllocator(&hooks);
    compat_keep_tables_outside(outside_malloc, PyMem_RawFree);
}
