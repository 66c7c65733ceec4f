/* CPython's versions, in one place.

   No file but compat*.[ch] may look at PY_VERSION_HEX or include a private header: a test holds that.  Every entry says
   what differs, since when, and what would remove the need for it.

   The extension is built per version, so the private structures below are those of the running interpreter but for what
   patch releases move, which compat_layout.c finds or refuses. */

#ifndef ENCLAVE_COMPAT_H
#define ENCLAVE_COMPAT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define PY_SSIZE_T_CLEAN
#define Py_BUILD_CORE_MODULE 1
#include <Python.h>

#if PY_VERSION_HEX < 0x030C0000 || PY_VERSION_HEX >= 0x03100000
#error "enclave_subinterp needs CPython 3.12, 3.13, 3.14 or 3.15"
#endif
#ifdef Py_GIL_DISABLED
#error "enclave_subinterp does not support free-threaded builds of CPython"
#endif

/* The runtime's structures: the list of interpreters, locks, the pending calls of an interpreter. */
#include "internal/pycore_ceval.h"
#include "internal/pycore_hashtable.h"
#include "internal/pycore_interp.h"
#include "internal/pycore_moduleobject.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_runtime.h"

#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The thread state of the calling thread or NULL; async-signal-safe (a thread-local read).
   3.13 made it public under a new name. */
static inline PyThreadState *
compat_tstate(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return PyThreadState_GetUnchecked();
#else
    return _PyThreadState_UncheckedGet();
#endif
}

/* Has the current thread state's interpreter its GIL, so that it can be given back?  3.12 makes a thread state current
   before the interpreter that is being created has one; from 3.13 on it is attached afterwards. */
static inline bool
compat_holds_gil(const PyThreadState *tstate)
{
#if PY_VERSION_HEX >= 0x030D0000
    (void)tstate;
    return true;
#else
    const struct _gil_runtime_state *gil = tstate->interp->ceval.gil;
    return gil != NULL && _Py_atomic_load_relaxed(&gil->locked) == 1;
#endif
}

/* Is this thread state of the calling thread's the one that compat_tstate() returns?  Two loads in place of a call. */
static inline bool
compat_is_attached(const PyThreadState *tstate)
{
    return tstate->_status.active;
}

/* --- Patch releases (compat_layout.c) -------------------------------------------------------------------------------

   The import system holds the extension to its minor version; between patch releases fields move.  NULL: the
   structures lie as this build needs them, else what does not.  Nothing else in here may be used before. */
const char *compat_misplaced(void);
const char *compat_built_for(void); /* the release whose headers this was built with */

/* A field of _PyRuntime behind `gilstate`, and one of `cached_objects`, wherever this release has it. */
extern ptrdiff_t compat_moved, compat_moved_cached;
#define COMPAT_AT(field, distance) (*(__typeof__(_PyRuntime.field) *)((char *)&_PyRuntime.field + (distance)))
#define COMPAT_MOVED(field) COMPAT_AT(field, compat_moved)

/* Locks of the runtime: a semaphore behind PyThread_type_lock on 3.12, a one-byte PyMutex from 3.13 (gh-108724). */
#if PY_VERSION_HEX >= 0x030D0000
typedef PyMutex *compat_lock;
#define COMPAT_LOCK(expr) (&(expr))

static inline bool
compat_is_locked(compat_lock lock)
{
    return (__atomic_load_n(&lock->_bits, __ATOMIC_RELAXED) & 1) != 0;
}

static inline void
compat_lock_acquire(compat_lock lock)
{
    PyMutex_Lock(lock);
}

/* With the GIL kept, as HEAD_LOCK does it upstream: a thread that gave the GIL up to wait for the lock would wait for the
   GIL with the lock held, and whoever has the GIL may want the lock. */
static inline void
compat_lock_acquire_attached(compat_lock lock)
{
    uint8_t bits = 0; /* the other bit: somebody waits, who is not to be forgotten */
    while (!__atomic_compare_exchange_n(&lock->_bits, &bits, bits | 1, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
        bits &= (uint8_t)~1;
        sched_yield();
    }
}

static inline void
compat_lock_release(compat_lock lock)
{
    PyMutex_Unlock(lock);
}
#else
typedef PyThread_type_lock compat_lock;
#define COMPAT_LOCK(expr) (expr)

static inline bool
compat_is_locked(compat_lock lock)
{
    int value = 1;
    /* thread_pthread.h: with POSIX semaphores a lock is a sem_t that counts to one. */
    if (lock != NULL) {
        sem_getvalue((sem_t *)lock, &value);
    }
    return value <= 0;
}

static inline void
compat_lock_acquire(compat_lock lock)
{
    PyThread_acquire_lock(lock, WAIT_LOCK);
}

static inline void
compat_lock_acquire_attached(compat_lock lock)
{
    PyThread_acquire_lock(lock, WAIT_LOCK);
}

static inline void
compat_lock_release(compat_lock lock)
{
    PyThread_release_lock(lock);
}
#endif

/* The lock over the list of interpreters and over every list of thread states (HEAD_LOCK upstream). */
#define COMPAT_HEAD_LOCK COMPAT_LOCK(_PyRuntime.interpreters.mutex)

/* The registry of classes whose instances cross interpreters; renamed in 3.14. */
#if PY_VERSION_HEX >= 0x030E0000
#define COMPAT_XI_REGISTRY _PyRuntime.xi.data_lookup.registry
#else
#define COMPAT_XI_REGISTRY _PyRuntime.xi.registry
#endif

/* tracemalloc's lock over its tables, taken for every new object while it traces; a PyMutex from 3.14 on. */
static inline bool
compat_trace_locked(void)
{
#if PY_VERSION_HEX >= 0x030E0000
    return compat_is_locked(&_PyRuntime.tracemalloc.tables_lock);
#else
    int value = 1;
    if (_PyRuntime.tracemalloc.tables_lock != NULL) {
        sem_getvalue((sem_t *)_PyRuntime.tracemalloc.tables_lock, &value);
    }
    return value <= 0;
#endif
}

/* Is a lock of the runtime held by anybody?  No unwind may happen then: it could be the slot's own thread. */
static inline bool
compat_runtime_locked(void)
{
    if (compat_is_locked(COMPAT_HEAD_LOCK) || compat_trace_locked() ||
        compat_is_locked(COMPAT_LOCK(_PyRuntime.imports.extensions.mutex)) ||
        compat_is_locked(COMPAT_LOCK(COMPAT_MOVED(audit_hooks.mutex)))) {
        return true;
    }
#if PY_VERSION_HEX >= 0x030D0000
    return compat_is_locked(COMPAT_LOCK(COMPAT_XI_REGISTRY.mutex)) ||
           compat_is_locked(COMPAT_LOCK(COMPAT_MOVED(unicode_state.ids.mutex))) ||
           compat_is_locked(COMPAT_LOCK(_PyRuntime.allocators.mutex));
#else
    return compat_is_locked(_PyRuntime.xidregistry.mutex) || compat_is_locked(COMPAT_MOVED(getargs.mutex)) ||
           compat_is_locked(COMPAT_MOVED(unicode_state.ids.lock));
#endif
}

/* --- The safe point -------------------------------------------------------------------------------------------

   A pending call of the slot's interpreter is where a halt unwinds from.  It is put into the queue once, before the
   snapshot, but not announced; announcing it is then a store or two that need neither the GIL nor the queue's lock
   (which the slot's thread could be holding when it is unwound).  The fields are those that _PyEval_AddPendingCall()
   writes: one flag per interpreter on 3.12, a count and a bit in the thread's eval breaker from 3.13 (gh-112606). */

static inline void
compat_safe_point_prepare(PyInterpreterState *interp, int (*func)(void *), void *arg)
{
    struct _pending_calls *pending = &interp->ceval.pending;
    pending->first = 0;
    pending->calls[0].func = func;
    pending->calls[0].arg = arg;
#if PY_VERSION_HEX >= 0x030D0000
    pending->calls[0].flags = 0;
    pending->next = 1;
    pending->npending = 0;
#else
    pending->last = 1;
#endif
}

/* Ask the slot's thread to come to its safe point.  From any thread, while the slot's memory is not being rewound. */
static inline void
compat_safe_point_announce(PyInterpreterState *interp, PyThreadState *tstate)
{
#if PY_VERSION_HEX >= 0x030D0000
    __atomic_store_n(&interp->ceval.pending.npending, 1, __ATOMIC_SEQ_CST);
    _Py_set_eval_breaker_bit(tstate, _PY_CALLS_TO_DO_BIT);
#else
    (void)tstate;
    _Py_atomic_store(&interp->ceval.pending.calls_to_do, 1);
    _Py_atomic_store(&interp->ceval.eval_breaker, 1);
#endif
}

/* --- The list of interpreters ------------------------------------------------------------------------------------ */

/* The link that neighbours write: the one word of a slot's interpreter that a rewind must leave alone. */
static inline void *
compat_interp_link(PyInterpreterState *interp)
{
    return &interp->next;
}

/* Take the interpreters that live in [lo, hi) out of the runtime's list: a slot's, or one that was left half made.  The
   caller holds the head lock, or is alone (after a fork). */
static inline void
compat_interps_unlink(uintptr_t lo, uintptr_t hi)
{
    PyInterpreterState **at = &_PyRuntime.interpreters.head;
    while (*at != NULL) {
        if ((uintptr_t)*at >= lo && (uintptr_t)*at < hi) {
            *at = (*at)->next;
        }
        else {
            at = &(*at)->next;
        }
    }
}

/* What else of the runtime may be threaded through [lo, hi): undone before a snapshot and after each run.
   - 3.13 keeps a list of the handles of all threads (_PyRuntime.threads.handles, gh-114271); importing threading
     makes one.  The runtime needs it at fork alone.  A node that was taken out has null links, as upstream's own
     removal leaves it.
   - from 3.13 a module or an argument parser that is first used in a slot may switch to the main interpreter
     with a thread state made for the occasion; unwound there, it would stay in the main interpreter's list. */
static inline void
compat_scrub_runtime(uintptr_t lo, uintptr_t hi)
{
#define INSIDE(p) ((uintptr_t)(p) >= lo && (uintptr_t)(p) < hi)
    compat_lock_acquire(COMPAT_HEAD_LOCK);
#if PY_VERSION_HEX >= 0x030D0000
    struct llist_node *head = &_PyRuntime.threads.handles;
    for (struct llist_node *node = head->next; node != head && node != NULL;) {
        struct llist_node *next = node->next;
        if (INSIDE(node)) {
            node->prev->next = node->next;
            node->next->prev = node->prev;
            node->prev = node->next = NULL;
        }
        node = next;
    }
#endif
    PyInterpreterState *main_interp = _PyRuntime.interpreters.main;
    for (PyThreadState *tstate = main_interp->threads.head; tstate != NULL; tstate = tstate->next) {
        if (INSIDE(tstate)) {
            if (tstate->prev != NULL) {
                tstate->prev->next = tstate->next;
            }
            else {
                main_interp->threads.head = tstate->next;
            }
            if (tstate->next != NULL) {
                tstate->next->prev = tstate->prev;
            }
        }
    }
    compat_lock_release(COMPAT_HEAD_LOCK);
#undef INSIDE
}

/* Tables of the whole runtime whose entries are made by whichever interpreter comes first: the interned strings that are
   static objects, and the extension modules.  What `outside` allocates belongs to no slot. */
static inline void
compat_keep_tables_outside(void *(*outside)(size_t), void (*release)(void *))
{
    _Py_hashtable_t *tables[] = {COMPAT_AT(cached_objects.interned_strings, compat_moved_cached),
                                 _PyRuntime.imports.extensions.hashtable};
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        if (tables[i] != NULL) {
            tables[i]->alloc.malloc = outside;
            tables[i]->alloc.free = release;
        }
    }
}

/* --- Static argument parsers ---------------------------------------------------------------------------------------

   Before gh-119213 (3.12.4, 3.13.0b2) the tuple of keywords of a static parser was made by whichever interpreter came
   first and used by all.  Those in a slot's range are given a copy that outlives it, before a rewind.  The runtime
   lists the parsers, newest first: *seen is where the last call began.  The release that runs decides, not the one
   that this was built with. */
void compat_detach_keywords(uintptr_t lo, uintptr_t hi, void **seen);
#define COMPAT_SHARED_KEYWORDS (Py_Version < 0x030C0400)

/* --- Creation ------------------------------------------------------------------------------------------------------ */

/* Py_NewInterpreterFromConfig(), but that it never takes the process's raw allocator away from running guests.

   3.12 sets the default raw allocator for a moment whenever an interpreter has got its standard streams
   (_Py_ClearStandardStreamEncoding in init_sys_streams(), gone with 3.13): a block of a range that is freed by another
   thread just then would go to libc, which aborts.  There the creation is left right before, when it imports `io`, and
   what it would still have done is done here. */
PyStatus compat_new_interpreter(PyThreadState **tstate, const PyInterpreterConfig *config);
int compat_creation_init(void); /* once, in the main interpreter; -1: an exception is set */

/* A new interpreter copies the main one's configuration: what a slot does without is switched off while it is made.
   The caller serialises creations. */
typedef struct {
    int site_import;
    int use_frozen_modules;
} compat_saved_config;

static inline compat_saved_config
compat_config_for_slots(void)
{
    PyConfig *config = (PyConfig *)&_PyRuntime.interpreters.main->config;
    compat_saved_config saved = {config->site_import, config->use_frozen_modules};
    config->site_import = 0;
#if PY_VERSION_HEX < 0x030D0000
    /* 3.12 deep-freezes its start-up modules: their code objects are static and shared by all interpreters, inline
       caches included.  3.13 does not any more (gh-116622).  Slots take theirs from the library's files. */
    config->use_frozen_modules = 0;
#endif
    return saved;
}

static inline void
compat_config_restore(compat_saved_config saved)
{
    PyConfig *config = (PyConfig *)&_PyRuntime.interpreters.main->config;
    config->site_import = saved.site_import;
    config->use_frozen_modules = saved.use_frozen_modules;
}

/* Was the module made by multi-phase initialisation?  3.15 has a second kind, without a definition (PEP 793). */
static inline bool
compat_multi_phase(PyObject *module, PyModuleDef *def)
{
    if (def != NULL) {
        return def->m_slots != NULL;
    }
#if PY_VERSION_HEX >= 0x030F0000
    return ((PyModuleObject *)module)->md_token != NULL;
#else
    (void)module;
    return false;
#endif
}

/* --- tracemalloc ---------------------------------------------------------------------------------------------------

   Its state is the process's; the allocators that it stands over are in it. */

static inline bool
compat_is_tracing(void)
{
    return _PyRuntime.tracemalloc.config.tracing != 0;
}

static inline PyMemAllocatorEx *
compat_traced(PyMemAllocatorDomain domain)
{
    return domain == PYMEM_DOMAIN_RAW   ? &_PyRuntime.tracemalloc.allocators.raw
           : domain == PYMEM_DOMAIN_MEM ? &_PyRuntime.tracemalloc.allocators.mem
                                        : &_PyRuntime.tracemalloc.allocators.obj;
}

/* What the calling thread allocates is not traced, as what tracemalloc itself allocates.  Once before: */
static inline int
compat_trace_no_thread_init(void)
{
    return PyThread_tss_create(
        &_PyRuntime.tracemalloc.reentrant_key); /* tracemalloc takes it as it finds it */
}

static inline void
compat_trace_no_thread(void)
{
    PyThread_tss_set(&_PyRuntime.tracemalloc.reentrant_key, Py_True);
}

/* The name of the allocators in use ("pymalloc", "malloc_debug", ...). */
static inline const char *
compat_allocator_name(void)
{
    const char *name = _PyMem_GetCurrentAllocatorName();
    return name != NULL ? name : "unknown";
}

#endif
