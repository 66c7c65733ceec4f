/* What the files of the core share: the slot, and who does what to it.

   Threads
     slot thread   one per slot; runs the guest, rewinds, ends the slot.  The only one that allocates in the range.
     host threads  any thread of the host; through module_host.c, with the host's GIL, released while they wait.
     watchdog      one per process, without Python: deadlines, CPU time, and the escalation of halts.

   Locks, in the order in which they may be taken
     head lock     the runtime's own, for its list of interpreters
     slots_lock    (slot.c) the process's table of slots
     slot->lock    state, halt, events, replies; also held while another thread pokes the slot's interpreter, so
                   that nobody reaches into the range while it is being rewound
   The slot thread takes slot->lock only with `critical` raised, so that no halt unwinds it with the lock held. */

#ifndef ENCLAVE_CORE_H
#define ENCLAVE_CORE_H

#include "compat.h"

#include "belongings.h"
#include "bucket.h"
#include "calls.h"
#include "code_cache.h"
#include "codec.h"
#include "foreign.h"
#include "futex.h"
#include "spin.h"
#include "library_locks.h"
#include "loans.h"
#include "patience.h"
#include "region.h"
#include "rewind.h"
#include "testing.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

/* Kept equal to the stub (_native.pyi). */
enum { ENC_OUTCOME_VALUE, ENC_OUTCOME_ERROR, ENC_OUTCOME_HALTED, ENC_OUTCOME_CRASHED };
enum {
    ENC_HALT_NONE,
    ENC_HALT_TIMEOUT,
    ENC_HALT_CPU,
    ENC_HALT_MEMORY,
    ENC_HALT_ABORTED,
    ENC_HALT_OUTPUT,
    ENC_HALT_FLOOD,
    ENC_HALT_CLOSED,
    ENC_HALT_TOOL_CALLS,
    ENC_HALT_VIOLATION,
    ENC_HALT_ITERATIONS,
    ENC_HALT_EXIT
};
enum { ENC_EVENT_DONE, ENC_EVENT_TOOL_CALL, ENC_EVENT_OUTPUT, ENC_EVENT_ASYNC_CALL };
enum {
    ENC_STATE_STARTING,
    ENC_STATE_IDLE,
    ENC_STATE_RUNNING,
    ENC_STATE_REWINDING,
    ENC_STATE_ENDED,
    ENC_STATE_CONDEMNED,
    ENC_STATE_FAILED
};

/* What a slot's thread does between runs. */
enum { ENC_ERRAND_NONE, ENC_ERRAND_CHECKPOINT, ENC_ERRAND_RESTORE, ENC_ERRAND_FORGET, ENC_ERRAND_DONE };

/* How an unwound run left the guest: the value given to siglongjmp(). */
enum { ENC_UNWOUND_HALT = 1, ENC_UNWOUND_CRASH = 2 };

typedef struct enc_event {
    struct enc_event *next;
    int kind;
    uint64_t id; /* run id, call id or stream */
    char *name;  /* of a tool */
    size_t name_len;
    char *data;
    size_t len;
    int64_t share; /* of a second's worth of messages, see bucket.h */
} enc_event;

/* How a run ended; filled by the slot thread, read by the host once the event is out. */
typedef struct {
    int outcome, detail;
    bool replace;
    enc_buffer payload;
    enc_buffer out[2];
    enc_buffer *parts; /* of a task: its answer, and the buffers that go beside */
    size_t part_count;
    int64_t wall_ns, cpu_ns, halt_ns;
    size_t peak_memory;
    uint64_t tool_calls, output_calls, messages, iterations;
    int violation; /* number of a system call, plus one */
} enc_done;

/* What the host asked for. */
typedef struct {
    uint64_t run_id;
    char *request;
    size_t request_len;
    int64_t posted_at; /* time limits and the run's duration count from here */
    int64_t timeout_ns, cpu_limit_ns;
    size_t max_output_bytes;
    uint64_t max_output_calls, max_tool_calls, max_iterations;
    uint64_t max_messages_per_second, max_pending_calls;
    size_t memory_limit; /* beyond what is held at its start; 0: the slot's own limit alone */
    bool stream;
    bool keep;          /* what an orderly run leaves stays for the next */
    uint64_t fall_back; /* then the checkpoint that a halt goes back to; 0: the birth */
} enc_job;

/* One that waits to be a slot's; see run_queue.c. */
typedef struct enc_queued {
    struct enc_queued *next;
    enc_job job;
    enc_loan *loan; /* what the host lends it, or NULL */
    int early_halt;
    struct enc_event
        *last_word; /* for the end of the run: made before it, so that the end is told whatever happens */
} enc_queued;

/* Jobs for whichever of several slots is free first. */
typedef struct enc_run_queue {
    _Atomic int refs;
    enc_mutex lock;
    enc_queued *first, **end;
    struct enc_slot *resting; /* those that found none, the last one first */
} enc_run_queue;

/* A checkpoint of a slot; changed by its thread under its lock. */
typedef struct enc_mark {
    struct enc_mark *next;
    uint64_t id; /* never 0 */
    enc_checkpoint *checkpoint;
    enc_belongings *belongings; /* NULL: not told */
    enc_foreign_set *foreign;   /* NULL: it knows none */
    bool strangers;             /* see enc_guest_tables: what a run has freed of theirs does not come back */
} enc_mark;

/* What the guest's runtime has left with the core. */
typedef struct {
    PyObject *ext_encode, *ext_decode;
    PyObject *runtime_globals; /* of the guest's runtime; borrowed */
    PyObject *script_globals;  /* the namespace of __main__; borrowed */
    PyObject *coroutine_code;  /* of types.coroutine(); see policy.c */
    PyObject *loan_type;       /* see loans.h; NULL: not a slot for tasks */
    bool strangers; /* modules are loaded whose objects may hold memory outside that nobody follows */
} enc_guest_tables;

typedef struct enc_slot {
    /* Set before the thread starts, constant afterwards. */
    char name[16];
    uintptr_t base; /* of the range */
    size_t size;
    size_t memory_limit, max_message_size, stack_size;
    bool pristine, sandbox, policy;
    bool trusted;       /* for tasks: it has the host's standard streams, working directory and umask */
    sigset_t host_mask; /* of the thread that made it */
    enc_rewind_mode rewind_mode;
    enc_code_cache *codes; /* compiled scripts; NULL: each is compiled anew */
    char *bootstrap;       /* the guest's runtime: a tuple of code, marshalled; given up after the start */
    size_t bootstrap_len;

    /* Set by the slot thread at start, constant afterwards. */
    enc_heap *heap;
    PyInterpreterState *interp;
    PyThreadState *tstate;
    int64_t interp_id;
    PyObject *guest_run;      /* the runtime's entry point; lives in the range */
    enc_guest_tables *tables; /* lives in the range: what a run puts there goes with it */
    pthread_t thread;
    _Atomic int tid; /* 0: it has not come so far; set after cpu_clock */
    enc_rewind *rewind;
    uintptr_t stack_lo, stack_hi;
    void *alt_stack;
    size_t alt_stack_size;
    void *keywords_seen; /* compat_detach_keywords() */
    volatile sig_atomic_t
        loading;                /* code is being read from the library or the cache, or written into that */
    bool guarded;               /* the policy on audit events is in force */
    bool filtered;              /* the sandbox's filter of system calls is in force */
    bool own_files;             /* the thread has file and filesystem tables of its own */
    bool at_birth;              /* the next run starts from the snapshot itself */
    enc_belongings *belongings; /* at birth, of a trusted one */
    enc_foreign_set *born_with; /* states outside the range, at birth */

    /* The slot thread's own, read by its signal handler. */
    sigjmp_buf landing;
    uintptr_t landing_sp;
    volatile sig_atomic_t running;  /* an unwind has somewhere to go */
    volatile sig_atomic_t critical; /* an unwind has to wait */
    volatile int crash_signal;
    volatile int violation;  /* the first system call that was refused in this run, plus one */
    enc_code_copy code_copy; /* what it has found among `codes` */
    enc_bucket messages;     /* what the run may still send; full at its start */
    bool creating;           /* it holds the lock over creations */
    int strikes; /* times the halting signal has found the thread in one and the same doubtful place */
    uintptr_t strike_place;
    int64_t strike_cpu; /* the thread's time at the last of them */
    uintptr_t
        park_return; /* where the interrupted wait in the parking lot would return to; 0: there is none */
    volatile enc_library_locks library_locks;
    _Atomic(void *) remote_frees;  /* blocks that other threads gave back */
    enc_foreign *foreign;          /* NULL: it has had no such objects */
    volatile sig_atomic_t freeing; /* their states: a crash leaves although `critical` is raised */

    /* Under lock. */
    enc_mutex lock;
    int state;
    char failure[512]; /* why the slot never started; empty: it did */
    enc_job job;
    bool has_job, closing;
    bool job_begins;          /* handed over, and not running yet */
    int early_halt;           /* asked for in that time */
    enc_run_queue *queue;     /* where it takes its next job from; NULL: from the host alone */
    uint64_t queue_left;      /* jobs that it may still take there */
    uint64_t queue_fall_back; /* the checkpoint that a halt of theirs goes back to */
    _Atomic int halt_reason;  /* written under lock, read anywhere */
    int64_t halt_at;          /* when it was decided; 0: not */
    enc_patience patience;    /* the watchdog's with that halt */
    int64_t next_poke;        /* when the watchdog acts next on a halt */
    int pokes;
    int64_t deadline, cpu_deadline_check;
    clockid_t cpu_clock;
    int64_t cpu_start_ns;
    enc_event *events, **events_tail;
    size_t unread; /* bytes in them */
    enc_event
        *last_word;  /* for the end of the run: made before it, so that the end is told whatever happens */
    enc_loan *loans; /* all that the host has not taken back yet */
    enc_loan *lent;  /* those of the run; one of them, or NULL */
    enc_calls calls; /* of the run */
    uint64_t run_count;
    enc_done done;
    int errand; /* asked for; DONE until the host, which waits for it, has seen to it */
    uint64_t errand_mark;
    const char *errand_failure;
    enc_mark *marks;
    uint64_t last_mark;
    size_t marks_size; /* bytes that they hold; at most memory_limit */
    bool nudged;       /* who waits for an event is to look around */
    int event_fd;      /* the host's; -1: nobody has asked for it */
    bool bell_rings;   /* it is in the watchdog's list */

    enc_futex job_seq;   /* slot thread waits: work, close */
    enc_futex event_seq; /* host waits: events, state */
    enc_futex reply_seq; /* slot thread waits: answers, halts */
    enc_spin spin;       /* before it waits for job_seq, or its host for event_seq */

    _Atomic int refs;
    struct enc_slot *next;         /* table of slots, under slots_lock */
    struct enc_slot *next_bell;    /* list of slots whose event_fd is to be written */
    struct enc_slot *next_resting; /* of its queue, under that one's lock */
    bool rests;
} enc_slot;

/* --- slot.c ---------------------------------------------------------------------------------------------------- */
extern __thread enc_slot *enc_current_slot;
enc_slot *enc_slot_create(enc_slot *wish, const char **why); /* takes over wish->bootstrap */
void enc_slot_incref(enc_slot *slot);
void enc_slot_decref(enc_slot *slot);
/* False: still there after the timeout; patient: of which the time in which its thread waits for a processor is no part. */
bool enc_slot_close(enc_slot *slot, int64_t timeout_ns, bool patient);
enc_look enc_slot_look(enc_slot *slot); /* at its thread */
/* Call f for every slot, under slots_lock. */
void enc_slots_each(void (*f)(enc_slot *, void *), void *arg);
void enc_slots_forget(void); /* in the child of a fork */
/* At exit: take what could not be ended out of the runtime's list, which aborts (3.12) or hangs over it. */
void enc_slots_abandon(void);
extern _Atomic uint64_t enc_counters[];
enum {
    ENC_COUNT_STARTED,
    ENC_COUNT_ENDED,
    ENC_COUNT_CONDEMNED,
    ENC_COUNT_SAFE_POINT,
    ENC_COUNT_SIGNAL,
    ENC_COUNT_ALLOCATOR,
    ENC_COUNT_CRASH,
    ENC_COUNT_REWIND,
    ENC_COUNT_LOST, /* states outside the range that could not be freed */
    ENC_COUNT_MAX
};
static inline void
enc_count(int which)
{
    atomic_fetch_add_explicit(&enc_counters[which], 1, memory_order_relaxed);
}

/* --- slot_events.c ----------------------------------------------------------------------------------------------- */
/* A copy of the data as an event; the rest with slot->lock held.  NULL: out of memory. */
enc_event *enc_event_make(int kind, uint64_t id, const void *data, size_t len);
void enc_event_free(enc_event *event);
void enc_parts_free(enc_done *done);
enc_event *enc_event_take(enc_slot *slot); /* the next one, slot->lock held; NULL: there is none */
void enc_event_queue(enc_slot *slot, enc_event *event); /* takes it over */
/* false: out of memory. */
bool enc_emit_event(enc_slot *slot, int kind, uint64_t id, const void *data, size_t len);
/* The run's end, once: takes over what `done` points to, or frees it if the end was told already. */
void enc_emit_done(enc_slot *slot, enc_done *done);
void enc_event_put_back(enc_slot *slot, enc_event *event); /* as the next one */
/* Tell whoever waits of an event or a change of state; slot->lock is held. */
void enc_notify_host(enc_slot *slot);

/* --- slot_image.c ------------------------------------------------------------------------------------------------ */
/* Have an errand done and wait for it: the mark's id (0 for a birth or a forgotten one), or *why is set. */
uint64_t enc_slot_errand(enc_slot *slot, int errand, uint64_t mark, const char **why);
/* slot->lock is held. */
enc_mark *enc_find_mark(enc_slot *slot, uint64_t id);

/* --- halt.c ------------------------------------------------------------------------------------------------------ */
int enc_halt_init(void); /* the signal, the watchdog; 0 or an errno value */
int enc_safe_point(void *slot);
bool enc_halt_request(enc_slot *slot, uint64_t run_id, int reason); /* from any thread */
bool enc_halt_locked(enc_slot *slot, int reason);                   /* the same with slot->lock held */
/* On the slot thread, from C that holds no lock: leave the guest now if that is possible, else ask for it. */
void enc_halt_self(enc_slot *slot, int reason);
/* From a signal handler on the slot's thread: a refused system call; the run ends at its next safe point. */
void enc_halt_violation(enc_slot *slot, int nr);
void enc_watchdog_wake(int64_t deadline);
void enc_watchdog_ring(enc_slot *slot); /* have slot->event_fd written soon; slot->lock is held */
int enc_halt_signal(void);
_Noreturn void enc_unwind(enc_slot *slot, int how);
void enc_landed(enc_slot *slot); /* first thing at a landing */
/* Let the interrupted context (a ucontext_t) continue at the slot's landing. */
void enc_unwind_context(enc_slot *slot, void *context, int how);

/* --- place.c ----------------------------------------------------------------------------------------------------- */
/* An object that computes for a guest: a library, or an extension module (the core itself is one too). */
bool enc_is_library(const char *path);

/* --- contain.c ----------------------------------------------------------------------------------------------------- */
int enc_contain_init(void);
void enc_contain_refresh(void); /* on top again of handlers that the host installed meanwhile */

/* --- sandbox_linux.c ----------------------------------------------------------------------------------------------- */
bool enc_sandbox_available(void);
bool enc_landlock_available(void);
/* Forbid the calling thread all files, for good; true also where the kernel has no Landlock. */
bool enc_landlock_enter(void);
/* Filter the calling thread's system calls, for good; false: the system refuses.  Not whole: only what halts and containment stand on. */
bool enc_sandbox_enter(bool whole);
typedef enum {
    ENC_SANDBOX_NOT_OURS,
    ENC_SANDBOX_ANSWERED,
    ENC_SANDBOX_CONTAIN,
    ENC_SANDBOX_ABORT
} enc_sandbox_answer;
/* For a SIGSYS on a slot's thread (slot: NULL when it is ending): a call that the filter lets us answer instead of the kernel? */
const char *enc_sandbox_name(int nr); /* of a system call */
enc_sandbox_answer enc_sandbox_emulate(enc_slot *slot, const siginfo_t *info, void *context);

/* --- allocator_hooks.c --------------------------------------------------------------------------------------------- */
void enc_hooks_install(void);
void enc_hooks_drain(enc_slot *slot);
const char *
enc_hooks_allocator(void); /* CPython's allocator below the hooks: "pymalloc", "malloc_debug", ... */

/* --- extensions.c -------------------------------------------------------------------------------------------------- */
/* Names of extension modules that slots may load; kept for the life of the process. */
/* `harmless`: also for slots with a policy. */
int enc_extension_approve(const char *name, bool harmless, bool stranger); /* -1: out of memory */
bool enc_extension_approved(const char *name, bool policy);
bool enc_extension_is_stranger(const char *name);

/* --- library.c ----------------------------------------------------------------------------------------------------- */
typedef struct enc_library_entry {
    struct enc_library_entry *next;
    const char *name;
    const unsigned char *data; /* a marshalled code object, or what else goes by that name */
    size_t len;
    bool package;
} enc_library_entry;

int enc_library_add(const char *name, bool package, const void *data, size_t len); /* -1: out of memory */
const enc_library_entry *enc_library_find(const char *name);

/* --- testing.c: parts of the policy that a test does without, to see what each of the others stops alone ------------- */
enum { ENC_PART_MODULES = 1, ENC_PART_TYPES = 2, ENC_PART_AUDIT = 4, ENC_PART_STRIKES = 8 };
#ifdef ENCLAVE_TESTING
extern unsigned enc_testing_without;
#define ENC_WITHOUT(part) ((enc_testing_without & (part)) != 0)
/* testing_faults.c: what fails on request.  Kinds, and the threads on which. */
enum {
    ENC_FAULT_MEMORY = 1, /* libc's heap */
    ENC_FAULT_KERNEL = 2, /* mappings, descriptors, threads, the filter, ... */
    ENC_FAULT_PYTHON = 4, /* CPython's functions that make objects */
    ENC_FAULT_RANGE = 8,  /* an allocation in the range meets the limit */
    ENC_FAULT_LOST = 16,  /* the halt's signal does not come, */
    ENC_FAULT_LATE = 32,  /* comes when the thread next calls one of those, */
    ENC_FAULT_TWICE = 64, /* comes twice */
    ENC_FAULT_SLOW = 128, /* any of these takes 20 ms */
    ENC_FAULT_WAKE = 256, /* a wait on a futex ends by itself */
};
enum { ENC_FAULT_ON_HOST = 1, ENC_FAULT_ON_SLOT = 2 };
bool enc_fault(unsigned kind, const char *what);
#define ENC_FAULT(kind, what) enc_fault(kind, what)
#else
#define ENC_WITHOUT(part) false
#define ENC_FAULT(kind, what) false
#endif

/* --- run_queue.c ---------------------------------------------------------------------------------------------------- */
enc_queued *enc_queued_make(uint64_t run_id, const void *request, size_t len); /* NULL: no memory */
void enc_queued_free(enc_queued *list);  /* with the host's GIL where something is lent to one */
enc_run_queue *enc_run_queue_make(void); /* NULL: no memory */
void enc_run_queue_decref(enc_run_queue *queue);
void enc_run_queue_add(enc_run_queue *queue, enc_queued *list); /* takes it over */
/* That one, or all (0), if they wait there still; NULL: none. */
enc_queued *enc_run_queue_take(enc_run_queue *queue, uint64_t run_id);
bool
enc_run_queue_halt(enc_run_queue *queue, uint64_t run_id, int reason); /* false: it does not wait there */
/* slot->lock is held: */
void
enc_job_place(enc_slot *slot, enc_queued *one); /* its next job; it gets what is to be freed of the last */
void enc_run_queue_join(enc_slot *slot, enc_run_queue *queue, uint64_t fall_back, uint64_t most);
void enc_run_queue_leave(enc_slot *slot);
/* It has no job, or the answer of the last is out and all is well: the first one there, or it rests. */
void enc_run_queue_next(enc_slot *slot);

/* --- policy.c ------------------------------------------------------------------------------------------------------ */
int enc_policy_init(void); /* once, in the main interpreter; -1: an exception is set */

/* --- seal.c -------------------------------------------------------------------------------------------------------- */
int enc_seal_init(void);  /* once, in the main interpreter; -1: an exception is set */
int enc_seal_types(void); /* in the slot's own, at the end of its warm-up; -1 likewise */

/* --- tracing.c ----------------------------------------------------------------------------------------------------- */
int enc_tracing_init(void);   /* once, with the hooks, below tracemalloc; -1: an exception is set */
void enc_tracing_cover(void); /* slots' threads do not come to what was put over the hooks */

/* --- frames.c ------------------------------------------------------------------------------------------------------ */
int enc_frames_init(void); /* once, in the main interpreter; -1: an exception is set */

/* --- guest_task.c -------------------------------------------------------------------------------------------------- */
int enc_guest_task_init(enc_slot *slot, PyObject *module); /* -1: an exception is set */
int enc_guest_script_init(PyObject *module);               /* guest_script.c; the same */

/* --- module_guest.c ------------------------------------------------------------------------------------------------ */
PyObject *enc_wrong_arguments(const char *name); /* NULL, with a TypeError */
/* Before a wait for the host: the word to wait on as it is now.  Leaves the guest if the run is to end. */
uint32_t enc_reply_seq_or_halt(enc_slot *slot);
PyObject *enc_guest_module(enc_slot *slot);
PyObject *enc_guest_request(enc_slot *slot); /* the job's, decoded; NULL with an exception set */

#endif
