/* A slot's thread and life: birth, runs, rewinds, end.

   Birth     thread with tables of its own, interpreter made without the host's GIL, guest's runtime, snapshot
   Run       landing set, attach, guest, detach, answer handed out
   Rewind    after the answer, by the slot's own thread, outside Python
   End       the interpreter is taken out of the runtime's list and its range is given back.  It is not finalized:
             no atexit function, finalizer or weakref callback of a guest ever runs there, and what it held outside the
             range is nothing (compat_scrub_runtime).

   Ownership: a slot is freed when the host's object and the thread have both let go. */

#include "core.h"

#include <fcntl.h>
#include <fenv.h>
#include <linux/close_range.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

/* What fragmentation may cost beyond the limit, and what is lent where the limit cannot be enforced at once. */
#define RANGE_SLACK ((size_t)24 << 20)
#define DEFAULT_STACK ((size_t)16 << 20)
#define KEEP_STACK ((size_t)64 << 10)
#define SPINS 2000

__thread enc_slot *enc_current_slot;
_Atomic uint64_t enc_counters[ENC_COUNT_MAX];

static enc_slot *slots;
static enc_mutex slots_lock;

/* One interpreter at a time is made (a quarter of a slot's start; the warm-ups run side by side): the main interpreter's
   configuration is changed meanwhile. */
static enc_mutex creation;
static compat_saved_config host_config;

/* --- The table of slots ----------------------------------------------------------------------------------------- */

void
enc_slots_each(void (*f)(enc_slot *, void *), void *arg)
{
    enc_mutex_lock(&slots_lock);
    for (enc_slot *slot = slots; slot != NULL; slot = slot->next) {
        f(slot, arg);
    }
    enc_mutex_unlock(&slots_lock);
}

void
enc_slots_forget(void)
{
    /* The child of a fork has one thread and none of ours: it is alone, and the locks' holders are gone. */
    enc_current_slot = NULL;
    atomic_store(&slots_lock.word, 0);
    if (atomic_exchange(&creation.word, 0) != 0) {
        compat_config_restore(host_config);
    }
    for (enc_slot *slot = slots; slot != NULL; slot = slot->next) {
        compat_interps_unlink(slot->base,
                              slot->base + slot->size); /* one that was being made has no name yet */
        slot->interp = NULL;
        atomic_store(&slot->lock.word, 0);
        slot->has_job = slot->job_begins = false;
        slot->state = ENC_STATE_FAILED;
    }
    slots = NULL;
}

static void
table_add(enc_slot *slot)
{
    enc_mutex_lock(&slots_lock);
    slot->next = slots;
    slots = slot;
    enc_mutex_unlock(&slots_lock);
}

static void
table_remove(enc_slot *slot)
{
    enc_mutex_lock(&slots_lock);
    for (enc_slot **at = &slots; *at != NULL; at = &(*at)->next) {
        if (*at == slot) {
            *at = slot->next;
            break;
        }
    }
    enc_mutex_unlock(&slots_lock);
}

/* --- Locking on the slot's thread --------------------------------------------------------------------------------- */

static void
lock_own(enc_slot *slot)
{
    slot->critical++;
    enc_mutex_lock(&slot->lock);
}

static void
unlock_own(enc_slot *slot)
{
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
}

/* --- Events ---------------------------------------------------------------------------------------------------------- */

void
enc_event_free(enc_event *event)
{
    if (event->kind == ENC_EVENT_DONE) {
        enc_done *done = (enc_done *)event->data;
        enc_buffer_free(&done->payload);
        enc_buffer_free(&done->out[0]);
        enc_buffer_free(&done->out[1]);
    }
    free(event->name);
    free(event->data);
    free(event);
}

void
enc_notify_host(enc_slot *slot)
{
    enc_futex_post(&slot->event_seq);
    if (__builtin_expect(slot->event_fd >= 0, 0)) {
        enc_watchdog_ring(slot);
    }
}

enc_event *
enc_event_make(int kind, uint64_t id, const void *data, size_t len)
{
    enc_event *event = calloc(1, sizeof(*event));
    char *copy = malloc(len + 1);
    if (event == NULL || copy == NULL) {
        free(event);
        free(copy);
        return NULL;
    }
    memcpy(copy, data, len);
    copy[len] = 0;
    event->kind = kind;
    event->id = id;
    event->data = copy;
    event->len = len;
    return event;
}

void
enc_event_queue(enc_slot *slot, enc_event *event)
{
    *slot->events_tail = event;
    slot->events_tail = &event->next;
    enc_notify_host(slot);
}

void
enc_emit_event(enc_slot *slot, int kind, uint64_t id, const void *data, size_t len)
{
    enc_event *event = enc_event_make(kind, id, data, len);
    if (event != NULL) {
        enc_event_queue(slot, event);
    }
}

static void
drop_events(enc_slot *slot)
{
    while (slot->events != NULL) {
        enc_event *event = slot->events;
        slot->events = event->next;
        enc_event_free(event);
    }
    slot->events_tail = &slot->events;
}

/* --- References ------------------------------------------------------------------------------------------------------- */

void
enc_slot_incref(enc_slot *slot)
{
    enc_mutex_lock(&slot->lock);
    slot->refs++;
    enc_mutex_unlock(&slot->lock);
}

void
enc_slot_decref(enc_slot *slot)
{
    enc_mutex_lock(&slot->lock);
    bool last = --slot->refs == 0;
    enc_mutex_unlock(&slot->lock);
    if (!last) {
        return;
    }
    drop_events(slot);
    free(slot->failure);
    free(slot->job.request);
    free(slot->bootstrap);
    free(slot);
}

/* --- Birth ------------------------------------------------------------------------------------------------------------- */

static void
fail_start(enc_slot *slot, const char *why)
{
    lock_own(slot);
    if (slot->failure == NULL) {
        slot->failure = strdup(why);
    }
    unlock_own(slot);
}

/* The exception that is set, as text. */
static void
fail_start_exception(enc_slot *slot, const char *where)
{
    char text[512];
    PyObject *exc = PyErr_GetRaisedException();
    PyObject *str = exc != NULL ? PyObject_Str(exc) : NULL;
    const char *message = str != NULL ? PyUnicode_AsUTF8(str) : NULL;
    snprintf(text, sizeof(text), "%s: %s: %s", where, exc != NULL ? Py_TYPE(exc)->tp_name : "error",
             message != NULL ? message : "");
    PyErr_Clear();
    fail_start(slot, text);
}

static void
own_thread_tables(enc_slot *slot)
{
    char name[16];
    snprintf(name, sizeof(name), "%s", slot->name);
    prctl(PR_SET_NAME, name);
    slot->tid = (int)syscall(SYS_gettid);
    /* A file table and a working directory of its own: what a guest opens, closes or changes there is its own, and no
       message of the runtime can reach the host's stderr. */
    slot->own_files = unshare(CLONE_FILES | CLONE_FS) == 0;
}

/* Every descriptor but those that the rewind needs.  Once it has failed with them (a guest can close or exchange what it
   finds in its table) it does without, and they are closed with the rest. */
static void
close_descriptors(const enc_slot *slot)
{
    int keep[2];
    enc_rewind_descriptors(keep);
    unsigned from = 0;
    if (slot->rewind != NULL && enc_rewind_mode_of(slot->rewind) != ENC_REWIND_SCAN) {
        keep[0] = keep[1] = -1;
    }
    for (int i = 0; i < 2; i++) {
        if (keep[i] >= 0 && (unsigned)keep[i] >= from) {
            if ((unsigned)keep[i] > from) {
                syscall(SYS_close_range, from, (unsigned)keep[i] - 1, 0);
            }
            from = (unsigned)keep[i] + 1;
        }
    }
    syscall(SYS_close_range, from, ~0u, 0);
}

static void
own_process_view(const enc_slot *slot)
{
    if (slot->own_files && !slot->filtered) { /* in the sandbox nothing can be opened or changed */
        close_descriptors(slot);
        umask(022);
        (void)!chdir("/");
    }
}

static void
creation_begin(enc_slot *slot)
{
    enc_mutex_lock(&creation);
    host_config = compat_config_for_slots();
    slot->creating = true;
}

/* Also where a crash or the memory limit has left it. */
static void
creation_end(enc_slot *slot)
{
    if (slot->creating) {
        slot->creating = false;
        compat_config_restore(host_config);
        enc_mutex_unlock(&creation);
    }
}

static bool
make_interpreter(enc_slot *slot)
{
    PyInterpreterConfig config = {
        .use_main_obmalloc = 0,
        .allow_fork = 0,
        .allow_exec = 0,
        .allow_threads = 0,
        .allow_daemon_threads = 0,
        .check_multi_interp_extensions = 1,
        .gil = PyInterpreterConfig_OWN_GIL,
    };
    creation_begin(slot);
    PyStatus status = compat_new_interpreter(&slot->tstate, &config);
    creation_end(slot);
    if (PyStatus_Exception(status) || slot->tstate == NULL) {
        fail_start(slot, status.err_msg != NULL ? status.err_msg : "the interpreter could not be created");
        return false;
    }
    slot->interp_id = PyInterpreterState_GetID(slot->tstate->interp);
    lock_own(slot);
    slot->interp = slot->tstate->interp; /* from here on it can be halted */
    compat_safe_point_prepare(slot->interp, enc_safe_point, slot);
    if (slot->closing) {
        enc_halt_locked(slot, ENC_HALT_CLOSED);
    }
    unlock_own(slot);
    return true;
}

/* Run the guest's runtime and take its entry point. */
static bool
start_guest(enc_slot *slot)
{
    slot->tables = PyMem_RawCalloc(1, sizeof(*slot->tables));
    PyObject *core = slot->tables != NULL ? enc_guest_module(slot) : NULL;
    PyObject *globals = core != NULL ? PyDict_New() : NULL;
    PyObject *builtins = globals != NULL ? PyDict_Copy(PyEval_GetBuiltins()) : NULL; /* not to be exchanged */
    if (builtins == NULL || PyDict_SetItemString(globals, "__builtins__", builtins) < 0 ||
        PyDict_SetItemString(globals, "_enclave", core) < 0) {
        fail_start_exception(slot, "guest module");
        return false;
    }
    PyObject *code = Py_CompileString(slot->bootstrap, "<enclave runtime>", Py_file_input);
    PyObject *result = code != NULL ? PyEval_EvalCode(code, globals, globals) : NULL;
    Py_XDECREF(code);
    if (result == NULL) {
        fail_start_exception(slot, "guest runtime");
        return false;
    }
    Py_DECREF(result);
    slot->tables->runtime_globals = globals;
    PyObject *main_module = PyImport_AddModule("__main__"); /* borrowed */
    slot->tables->script_globals = main_module != NULL ? PyModule_GetDict(main_module) : NULL;
    if (slot->tables->script_globals == NULL || (slot->policy && enc_seal_types() < 0)) {
        fail_start_exception(slot, "types");
        return false;
    }
    slot->guest_run = Py_XNewRef(PyDict_GetItemString(globals, "run"));
    if (slot->guest_run == NULL) {
        fail_start(slot, "the guest's runtime has no function run()");
        return false;
    }
    return true;
}

/* What lies outside the range must not point into it when it is rewound or given back. */
static void
leave_no_trace(enc_slot *slot)
{
    compat_scrub_runtime(slot->base, slot->base + slot->size);
    compat_detach_keywords(slot->base, slot->base + slot->size, &slot->keywords_seen);
}

static void
lock_list(void)
{
    compat_lock_acquire(COMPAT_HEAD_LOCK);
}

static void
unlock_list(void)
{
    compat_lock_release(COMPAT_HEAD_LOCK);
}

/* Bring the range into a state that one can go back to, and return where it ends. */
static uintptr_t
prepare_image(enc_slot *slot)
{
    enc_hooks_drain(slot);
    compat_safe_point_prepare(slot->interp, enc_safe_point, slot);
    leave_no_trace(slot);
    /* What was used beyond the top and given back is not part of it. */
    uintptr_t top = ENC_ALIGN_UP(enc_heap_top(slot->heap), ENC_PAGE);
    memset((void *)enc_heap_top(slot->heap), 0, top - enc_heap_top(slot->heap));
    madvise((void *)top, slot->base + slot->size - top, MADV_DONTNEED);
    enc_heap_set_touched(slot->heap, top);
    return top;
}

static bool
take_snapshot(enc_slot *slot)
{
    uintptr_t top = prepare_image(slot);
    slot->rewind = enc_rewind_snapshot((void *)slot->base, top - slot->base, slot->rewind_mode,
                                       compat_interp_link(slot->interp), lock_list, unlock_list);
    return slot->rewind != NULL;
}

static bool
be_born(enc_slot *slot)
{
    if (sigsetjmp(slot->landing, 0) != 0) {
        creation_end(slot);
        fail_start(slot, slot->crash_signal ? "the interpreter crashed while it started"
                         : atomic_load(&slot->halt_reason) == ENC_HALT_MEMORY
                             ? "the memory limit was reached while the interpreter started"
                             : "the worker was closed while it started");
        if (compat_tstate() != NULL) {
            PyEval_SaveThread();
        }
        return false;
    }
    slot->running = 1;
    bool ok = make_interpreter(slot);
    if (ok) {
        ok = start_guest(slot);
        PyEval_SaveThread();
    }
    slot->running = 0;
    slot->guarded = slot->policy;
    if (ok && !take_snapshot(slot)) {
        fail_start(slot, "no snapshot could be taken (memfd_create or mmap failed)");
        ok = false;
    }
    if (ok && enc_sandbox_available()) {
        own_process_view(slot);
        slot->filtered = slot->sandbox;
        if (!enc_sandbox_enter(slot->sandbox)) {
            fail_start(slot, "the system call filter could not be installed");
            ok = false;
        }
    }
    return ok;
}

/* --- A run --------------------------------------------------------------------------------------------------------------- */

static int64_t
thread_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* New objects do not land where the run before had its own: addresses, and hashes made of them, differ between runs as
   they do between processes.  All sizes of small objects, instances and classes are moved on by a few.  What is taken here
   goes with the rewind. */
static void
stir_addresses(uint64_t run)
{
    for (uint64_t n = run % 7; n > 0; n--) {
        for (size_t size = 16; size <= 1200; size += size < 512 ? 16 : 32) {
            (void)!PyObject_Malloc(size);
        }
    }
}

static void
call_guest(enc_slot *slot)
{
    if (slot->at_birth) {
        slot->at_birth = false;
        stir_addresses(slot->run_count);
    }
    PyObject *request = PyBytes_FromStringAndSize(slot->job.request, (Py_ssize_t)slot->job.request_len);
    PyObject *result = request != NULL ? PyObject_CallOneArg(slot->guest_run, request) : NULL;
    Py_XDECREF(request);
    if (result == NULL) {
        /* The guest's runtime reports every exception of the script itself; this one is its own. */
        PyErr_Clear();
        slot->done.outcome = ENC_OUTCOME_ERROR;
        slot->done.payload.len = 0;
    }
    Py_XDECREF(result);
}

static inline uintptr_t
stack_pointer(void)
{
    uintptr_t sp;
#if defined(__x86_64__)
    __asm__ volatile("mov %%rsp, %0" : "=r"(sp));
#else
    __asm__ volatile("mov %0, sp" : "=r"(sp));
#endif
    return sp;
}

static void __attribute__((noinline))
enter_guest(enc_slot *slot, int64_t start, int64_t cpu_start)
{
    int how = sigsetjmp(slot->landing, 0);
    if (how == 0) {
        fesetenv(FE_DFL_ENV); /* the rounding mode is the thread's, not the range's */
        slot->crash_signal = 0;
        slot->violation = 0;
        slot->loading = 0;
        slot->strikes = 0;
        slot->park_return = 0;
        slot->running = 1;
        lock_own(slot);
        slot->state = ENC_STATE_RUNNING;
        slot->cpu_start_ns = cpu_start;
        slot->job_begins = false;
        if (slot->closing || slot->early_halt != ENC_HALT_NONE) {
            enc_halt_locked(slot, slot->closing ? ENC_HALT_CLOSED : slot->early_halt);
        }
        unlock_own(slot);
        if (slot->deadline != 0 || slot->job.cpu_limit_ns != 0) {
            int64_t cpu_first = slot->job.cpu_limit_ns != 0 ? start + slot->job.cpu_limit_ns : INT64_MAX;
            enc_watchdog_wake(slot->deadline != 0 && slot->deadline < cpu_first ? slot->deadline : cpu_first);
        }
        PyEval_RestoreThread(slot->tstate);
        call_guest(slot);
        PyEval_SaveThread();
        slot->running = 0; /* this frame ends: nothing may jump to it any more */
    }
    else if (compat_tstate() != NULL) {
        /* Whatever was current when the guest was left, its GIL goes back. */
        PyEval_SaveThread();
    }
}

/* Was the stack used deeply?  Give it back: it holds what the guest had on it. */
static void
trim_stack(const enc_slot *slot)
{
    uintptr_t hi = (stack_pointer() - KEEP_STACK) & ~(uintptr_t)(ENC_PAGE - 1);
    if (hi > slot->stack_lo) {
        madvise((void *)slot->stack_lo, hi - slot->stack_lo, MADV_DONTNEED);
    }
}

/* The answer goes out before anything is cleaned up.  *left: the guest was left before its end. */
static bool
finish_run(enc_slot *slot, int64_t start, int64_t cpu_start, bool *left)
{
    size_t in_use, peak, limit;
    lock_own(slot);
    bool condemned = slot->state == ENC_STATE_CONDEMNED;
    slot->state = ENC_STATE_REWINDING;
    slot->running = 0;
    enc_done *done = &slot->done;
    int64_t now = enc_now();
    int reason = atomic_load(&slot->halt_reason); /* from here on it cannot be halted */
    *left = reason != ENC_HALT_NONE || slot->crash_signal != 0;
    enc_heap_account(slot->heap, &in_use, &peak, &limit);
    done->wall_ns = now - start;
    done->cpu_ns = thread_cpu() - cpu_start;
    done->peak_memory = peak;
    done->replace = slot->crash_signal != 0;
    done->violation = slot->violation;
    if (slot->crash_signal != 0) {
        done->outcome = ENC_OUTCOME_CRASHED;
        done->detail = slot->crash_signal;
    }
    else if (reason == ENC_HALT_NONE && slot->violation != 0) {
        done->outcome = ENC_OUTCOME_HALTED; /* it ended before its next safe point */
        done->detail = ENC_HALT_VIOLATION;
    }
    else if (reason != ENC_HALT_NONE) {
        done->outcome = ENC_OUTCOME_HALTED;
        done->detail = reason;
        done->halt_ns = now - slot->halt_at;
    }
    if (done->outcome >= ENC_OUTCOME_HALTED) {
        enc_buffer_free(&done->payload);
    }
    if (condemned) {
        enc_buffer_free(&done->payload);
        enc_buffer_free(&done->out[0]);
        enc_buffer_free(&done->out[1]);
    }
    else {
        enc_emit_event(slot, ENC_EVENT_DONE, slot->job.run_id, done, sizeof(*done));
    }
    unlock_own(slot);
    return !condemned;
}

/* Back to the snapshot, and on to a checkpoint (NULL: none).  False: the slot cannot serve again. */
static bool
rewind_to(enc_slot *slot, const enc_mark *mark)
{
    enc_count(ENC_COUNT_REWIND);
    leave_no_trace(slot);
    atomic_store(&slot->remote_frees, NULL);
    if (!enc_rewind_restore(slot->rewind, enc_heap_touched(slot->heap))) {
        return false;
    }
    slot->at_birth = mark == NULL;
    if (mark != NULL) {
        enc_checkpoint_put(slot->rewind, mark->checkpoint);
    }
    return true;
}

/* After a run.  False: the slot cannot serve again. */
static bool
go_back(enc_slot *slot, bool left, bool keep, const enc_mark *fall_back)
{
    bool ok = slot->crash_signal == 0;
    if (ok && left) {
        trim_stack(slot);
    }
    if (ok && keep && !left) {
        enc_hooks_drain(slot);
    }
    else if (ok) {
        ok = rewind_to(slot, fall_back);
    }
    own_process_view(slot);
    return ok;
}

static bool
serve(enc_slot *slot)
{
    int64_t start = slot->job.posted_at, cpu_start = thread_cpu();
    memset(&slot->done, 0, sizeof(slot->done));
    slot->messages = enc_bucket_make(slot->job.max_messages_per_second);
    enc_heap_reset_peak(slot->heap);
    slot->run_count++;
    /* Once the answer is out, the host may put the next job in the place of this one. */
    bool keep = slot->job.keep, left;
    const enc_mark *fall_back = keep ? enc_find_mark(slot, slot->job.fall_back) : NULL;
    enter_guest(slot, start, cpu_start);
    bool ok = finish_run(slot, start, cpu_start, &left);
    ok = go_back(slot, left, keep, fall_back) && ok;
    lock_own(slot);
    atomic_store(&slot->halt_reason, ENC_HALT_NONE);
    slot->halt_at = 0;
    enc_calls_drop(&slot->calls);
    slot->state = ok ? ENC_STATE_IDLE : ENC_STATE_FAILED;
    enc_futex_post(
        &slot->event_seq); /* no event loop waits for the end of a rewind: the bell is left alone */
    unlock_own(slot);
    return ok;
}

/* --- Checkpoints ------------------------------------------------------------------------------------------------- */

enc_mark *
enc_find_mark(enc_slot *slot, uint64_t id)
{
    enc_mark *mark = slot->marks;
    while (mark != NULL && mark->id != id) {
        mark = mark->next;
    }
    return mark;
}

static const char *
add_mark(enc_slot *slot)
{
    uintptr_t top = prepare_image(slot);
    enc_mark *mark = calloc(1, sizeof(*mark));
    if (mark == NULL) {
        return "out of memory";
    }
    mark->checkpoint = enc_checkpoint_take(slot->rewind, top, slot->memory_limit - slot->marks_size);
    if (mark->checkpoint == NULL) {
        int err = errno;
        free(mark);
        return err == EFBIG ? "the checkpoints would hold more than the worker's memory limit"
                            : "out of memory";
    }
    lock_own(slot);
    mark->id = slot->errand_mark = ++slot->last_mark;
    mark->next = slot->marks;
    slot->marks = mark;
    slot->marks_size += enc_checkpoint_size(mark->checkpoint);
    unlock_own(slot);
    return NULL;
}

static void
drop_mark(enc_slot *slot, enc_mark *mark)
{
    lock_own(slot);
    enc_mark **at = &slot->marks;
    while (*at != mark) {
        at = &(*at)->next;
    }
    *at = mark->next;
    slot->marks_size -= enc_checkpoint_size(mark->checkpoint);
    unlock_own(slot);
    enc_checkpoint_free(mark->checkpoint);
    free(mark);
}

/* On the slot's thread, between runs.  False: the slot cannot serve again. */
static bool
run_errand(enc_slot *slot)
{
    lock_own(slot);
    int errand = slot->errand;
    enc_mark *mark = enc_find_mark(slot, slot->errand_mark);
    bool known = mark != NULL || slot->errand_mark == 0;
    slot->state = ENC_STATE_REWINDING; /* nobody reaches into the interpreter */
    unlock_own(slot);
    const char *failure = NULL;
    bool ok = true;
    if (errand == ENC_ERRAND_CHECKPOINT) {
        failure = add_mark(slot);
    }
    else if (!known) {
        failure = "there is no such checkpoint";
    }
    else if (errand == ENC_ERRAND_RESTORE) {
        ok = rewind_to(slot, mark);
        failure = ok ? NULL : "the worker could not be rewound";
    }
    else if (mark != NULL) {
        drop_mark(slot, mark);
    }
    lock_own(slot);
    slot->errand = ENC_ERRAND_DONE;
    slot->errand_failure = failure;
    slot->state = ok ? ENC_STATE_IDLE : ENC_STATE_FAILED;
    enc_futex_post(&slot->event_seq);
    unlock_own(slot);
    return ok;
}

uint64_t
enc_slot_errand(enc_slot *slot, int errand, uint64_t mark, const char **why)
{
    enc_mutex_lock(&slot->lock);
    *why = slot->closing || slot->state >= ENC_STATE_ENDED || slot->crash_signal != 0 ? "the worker has ended"
           : slot->state == ENC_STATE_STARTING ? "the worker has not started"
           : slot->state == ENC_STATE_RUNNING || slot->job_begins || slot->errand != ENC_ERRAND_NONE
               ? "a run is under way"
               : NULL;
    if (*why == NULL) {
        slot->errand = errand;
        slot->errand_mark = mark;
    }
    enc_mutex_unlock(&slot->lock);
    if (*why != NULL) {
        return 0;
    }
    enc_futex_post(&slot->job_seq);
    for (;;) {
        uint32_t seen = enc_futex_seq(&slot->event_seq);
        enc_mutex_lock(&slot->lock);
        bool done = slot->errand == ENC_ERRAND_DONE;
        bool ended = !done && (slot->state == ENC_STATE_ENDED || slot->state == ENC_STATE_FAILED);
        mark = slot->errand_mark;
        *why = done ? slot->errand_failure : ended ? "the worker has ended" : NULL;
        if (done || ended) {
            slot->errand = ENC_ERRAND_NONE;
        }
        enc_mutex_unlock(&slot->lock);
        if (done || ended) {
            return mark;
        }
        enc_futex_wait(&slot->event_seq, seen, 0);
    }
}

/* --- The thread --------------------------------------------------------------------------------------------------------- */

/* Wait for work; false when the slot is to end. */
static bool
next_job(enc_slot *slot)
{
    for (;;) {
        uint32_t seen = enc_futex_seq(&slot->job_seq);
        lock_own(slot);
        bool closing = slot->closing, work = slot->has_job;
        bool errand = slot->errand != ENC_ERRAND_NONE && slot->errand != ENC_ERRAND_DONE;
        slot->has_job = false;
        unlock_own(slot);
        if (closing || (errand && !run_errand(slot))) {
            return false;
        }
        if (work) {
            return true;
        }
        /* An event loop takes longer than this to come back, and has better use for the processor. */
        int spins = __atomic_load_n(&slot->event_fd, __ATOMIC_RELAXED) < 0 ? 0 : SPINS;
        while (spins < SPINS && enc_futex_seq(&slot->job_seq) == seen) {
            enc_pause();
            spins++;
        }
        if (spins == SPINS) {
            enc_futex_wait(&slot->job_seq, seen, 0);
        }
    }
}

static void
end_slot(enc_slot *slot)
{
    table_remove(slot);
    leave_no_trace(slot);
    compat_lock_acquire(COMPAT_HEAD_LOCK);
    compat_interps_unlink(slot->base, slot->base + slot->size); /* also one that a crash has left half made */
    compat_lock_release(COMPAT_HEAD_LOCK);
    lock_own(slot);
    bool failed = slot->failure != NULL;
    slot->interp = NULL;
    slot->tstate = NULL;
    slot->heap = NULL;
    unlock_own(slot);
    while (slot->marks != NULL) {
        drop_mark(slot, slot->marks);
    }
    if (slot->rewind != NULL) {
        enc_rewind_free(slot->rewind);
        slot->rewind = NULL;
    }
    enc_current_slot = NULL;
    enc_region_release((void *)slot->base, slot->size);
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(slot->alt_stack, slot->alt_stack_size);
    enc_count(ENC_COUNT_ENDED);
    enc_mutex_lock(&slot->lock);
    slot->state = failed ? ENC_STATE_FAILED : ENC_STATE_ENDED;
    enc_notify_host(slot);
    enc_mutex_unlock(&slot->lock);
}

static void *
slot_main(void *arg)
{
    enc_slot *slot = arg;
    enc_current_slot = slot;
    stack_t alt = {.ss_sp = slot->alt_stack, .ss_size = slot->alt_stack_size};
    sigaltstack(&alt, NULL);
    slot->landing_sp = ((stack_pointer() - 4096) & ~(uintptr_t)15) - 8;
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        void *lo;
        size_t size;
        pthread_attr_getstack(&attr, &lo, &size);
        slot->stack_lo = (uintptr_t)lo;
        slot->stack_hi = (uintptr_t)lo + size;
        pthread_attr_destroy(&attr);
    }
    pthread_getcpuclockid(pthread_self(), &slot->cpu_clock);
    own_thread_tables(slot);
    own_process_view(slot);
    if (be_born(slot)) {
        own_process_view(slot);
        lock_own(slot);
        slot->state = ENC_STATE_IDLE;
        slot->at_birth = true;
        enc_notify_host(slot);
        unlock_own(slot);
        while (next_job(slot) && serve(slot)) {
        }
    }
    end_slot(slot);
    enc_slot_decref(slot);
    return NULL;
}

enc_slot *
enc_slot_create(enc_slot *wish, const char **why)
{
    enc_slot *slot = calloc(1, sizeof(*slot));
    if (slot == NULL) {
        *why = "out of memory";
        return NULL;
    }
    *slot = *wish;
    slot->events_tail = &slot->events;
    enc_calls_init(&slot->calls);
    slot->event_fd = -1;
    slot->refs = 2;
    slot->stack_size = slot->stack_size != 0 ? ENC_ALIGN_UP(slot->stack_size, ENC_PAGE) : DEFAULT_STACK;
    void *base = enc_region_reserve(slot->memory_limit + RANGE_SLACK, &slot->size);
    if (base == NULL) {
        *why = "no address space is left for another worker (see `ulimit -v`)";
        free(slot);
        return NULL;
    }
    slot->base = (uintptr_t)base;
    slot->heap = enc_heap_create(base, slot->memory_limit + RANGE_SLACK, slot->memory_limit);
    enc_region_set_owner(base, slot->size, slot);
    slot->alt_stack_size =
        ENC_ALIGN_UP((size_t)64 << 10, ENC_PAGE) + ENC_ALIGN_UP(4 * getauxval(AT_MINSIGSTKSZ), ENC_PAGE);
    slot->alt_stack =
        mmap(NULL, slot->alt_stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slot->alt_stack == MAP_FAILED) {
        *why = "out of memory";
        goto fail;
    }
    table_add(slot);
    /* The host's signals are for the host's threads; what a slot's thread takes are its own faults and the halt. */
    sigset_t mask, before;
    sigfillset(&mask);
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
        sigdelset(&mask, own[i]);
    }
    sigdelset(&mask, enc_halt_signal());
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, slot->stack_size);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &mask, &before);
    int rc = pthread_create(&slot->thread, &attr, slot_main, slot);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    if (rc == 0) {
        enc_count(ENC_COUNT_STARTED);
        return slot;
    }
    *why = "the thread could not be created (see `ulimit -u`)";
    table_remove(slot);
    munmap(slot->alt_stack, slot->alt_stack_size);
fail:
    enc_region_release(base, slot->size);
    free(slot);
    return NULL;
}

void
enc_slots_abandon(void)
{
    compat_lock_acquire(COMPAT_HEAD_LOCK);
    enc_mutex_lock(&slots_lock);
    for (enc_slot *slot = slots; slot != NULL; slot = slot->next) {
        compat_interps_unlink(slot->base, slot->base + slot->size);
    }
    enc_mutex_unlock(&slots_lock);
    compat_lock_release(COMPAT_HEAD_LOCK);
}

bool
enc_slot_close(enc_slot *slot, int64_t timeout_ns)
{
    int64_t deadline = enc_now() + timeout_ns;
    enc_mutex_lock(&slot->lock);
    slot->closing = true;
    enc_halt_locked(slot, ENC_HALT_CLOSED);
    enc_mutex_unlock(&slot->lock);
    enc_futex_post(&slot->job_seq);
    for (;;) {
        uint32_t seen = enc_futex_seq(&slot->event_seq);
        enc_mutex_lock(&slot->lock);
        bool ended =
            slot->state == ENC_STATE_ENDED || (slot->state == ENC_STATE_FAILED && slot->interp == NULL);
        enc_mutex_unlock(&slot->lock);
        if (ended) {
            return true;
        }
        if (enc_futex_wait(&slot->event_seq, seen, deadline) == ETIMEDOUT) {
            return false;
        }
    }
}
