/* The hard halt: who asks for it, and where it may leave the guest.

   1. At a safe point.  A pending call of the slot's interpreter, prepared before the snapshot, is announced by a store;
      the evaluation loop calls it between two instructions, where no lock of C code is held, and it does not return.
   2. Where the thread stands.  If the safe point is not reached within 400 microseconds, a signal is sent to the thread,
      and again every 150.  Its handler leaves the guest if nothing that outlives the run can be torn:
        - the thread is not in a section of the core that says `critical` (slot->lock held, libc's heap in use);
        - no library holds a lock of libc's on it (library_locks.c says which may be left all the same);
        - the current interpreter is the slot's or none: never with the main interpreter's GIL held;
        - no lock of the runtime is held by anybody;
        - the instruction pointer is in the interpreter, in an extension module or in the core itself.  In a library
          that these compute in (zlib, OpenSSL ...), where a lock may be held for a moment, only when the thread was
          found there again and again.  In libc only in an interrupted system call that blocks, or in one of the
          string functions, called from such a place.  Never in the loader.
      From 3.13 on CPython waits for most locks in its parking lot: an entry on the waiting thread's stack is linked
      into a table of the process, and leaving would leave it there.  park.c says how such a wait is left.
   3. Condemned (watchdog.c).  What was not left after five seconds, waits for a processor aside (patience.h), is reported
      as lost and asked less often; should it ever be left, its thread ends the slot.

   What follows an unwind is a rewind, always: whatever was half done in the range is undone with the rest. */

#include "halt_internal.h"

/* A loop that calls such a library again and again is found outside of it before; a single long call holds no lock.  What
   counts is the processor's time in between: a thread that had to wait for a processor is found where it was. */
#define COMPUTING_STRIKES 12
#define STRIKE_CPU ((int64_t)50000)

static int halt_signal;

int
enc_halt_signal(void)
{
    return halt_signal;
}

/* --- Machine context ---------------------------------------------------------------------------------------------- */

typedef struct {
    uintptr_t ip, sp, caller; /* caller: where a function without a frame returns to */
    uintptr_t arg0, arg1;
    bool interrupted; /* just past a system call that returned EINTR */
} machine;

ENC_READS_ANY_STACK static machine
read_machine(const ucontext_t *uc)
{
    machine m;
#if defined(__x86_64__)
    const greg_t *r = uc->uc_mcontext.gregs;
    m.ip = (uintptr_t)r[REG_RIP];
    m.sp = (uintptr_t)r[REG_RSP];
    m.caller = *(const uintptr_t *)m.sp;
    m.arg0 = (uintptr_t)r[REG_RDI];
    m.arg1 = (uintptr_t)r[REG_RSI];
    const unsigned char *code = (const unsigned char *)m.ip;
    m.interrupted = r[REG_RAX] == -EINTR && code[-2] == 0x0f && code[-1] == 0x05;
#elif defined(__aarch64__)
    m.ip = uc->uc_mcontext.pc;
    m.sp = uc->uc_mcontext.sp;
    m.caller = uc->uc_mcontext.regs[30];
    /* The result overwrites the first argument; CPython's waits pass addresses on the stack in the others as well, so
       without it a wait is never taken for one on a lock of the range. */
    m.arg0 = 0;
    m.arg1 = uc->uc_mcontext.regs[1];
    m.interrupted = (long)uc->uc_mcontext.regs[0] == -EINTR && ((const uint32_t *)m.ip)[-1] == 0xd4000001;
#else
#error "this processor's context is not known; see docs/design.md"
#endif
    return m;
}

/* --- The signal ------------------------------------------------------------------------------------------------------- */

/* Found in the same doubtful place COMPUTING_STRIKES times in a row, and at work there? */
static bool
strike(enc_slot *slot, uintptr_t where)
{
    int64_t cpu = enc_thread_cpu();
    if (slot->strike_place != where) {
        slot->strike_place = where;
        slot->strikes = 0;
    }
    else if (slot->strikes != 0 && cpu - slot->strike_cpu < STRIKE_CPU) {
        return false;
    }
    slot->strike_cpu = cpu;
    return ++slot->strikes >= COMPUTING_STRIKES;
}

static bool
may_leave_at(enc_slot *slot, const machine *m)
{
    const segment *s = enc_find_segment(m->ip);
    if (s == NULL) {
        return false;
    }
    switch (s->kind) {
    case PLACE_INTERPRETER:
        if (enc_is_park(m->ip)) {
            return false;
        }
        /* The lot seems to be on the stack (or an address left over from it is), or there is no thread state: the thread
           is on its way into or out of a wait, which takes a microsecond, or computes without the GIL, for long. */
        return (compat_tstate() != NULL && !enc_called_by_park(slot, m->sp)) || strike(slot, s->lo);
    case PLACE_COMPUTING:
        return ENC_WITHOUT(ENC_PART_STRIKES) || strike(slot, s->lo);
    case PLACE_LIBC:
        if (m->interrupted) {
            slot->strikes = 0;
            /* A wait on a futex is left only if the word is the guest's: another one may be the main interpreter's
               GIL, a lock of libc, or a place in the runtime's table of waiters, which is linked through our stack. */
            uintptr_t op = m->arg1 & ~(uintptr_t)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
            bool futex = m->arg1 < 0x1000 && (m->arg1 & FUTEX_PRIVATE_FLAG) != 0 &&
                         (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET);
            if (compat_tstate() != NULL) {
                return false;
            }
            if (futex && m->arg0 - slot->stack_lo < slot->stack_hi - slot->stack_lo) {
                enc_park_catch(slot, m->arg0, m->sp);
                return false;
            }
            return !futex || m->arg0 - slot->base < slot->size;
        }
        if (enc_in_string_function(m->ip)) {
            const segment *from = enc_find_segment(m->caller);
            return from != NULL && (from->kind == PLACE_INTERPRETER ||
                                    (from->kind == PLACE_COMPUTING && strike(slot, from->lo)));
        }
        return false;
    case PLACE_NEVER:
        break;
    }
    return false;
}

static void
on_halt_signal(int Py_UNUSED(signum), siginfo_t *Py_UNUSED(info), void *context)
{
    enc_slot *slot = enc_current_slot;
    if (slot == NULL || atomic_load_explicit(&slot->halt_reason, memory_order_relaxed) == ENC_HALT_NONE ||
        slot->park_return != 0 || !enc_may_leave_python(slot)) {
        return; /* nothing to do, caught already, or not now */
    }
    int saved = errno;
    if (enc_library_locks_held(&slot->library_locks) && !enc_library_locks_are_old(&slot->library_locks)) {
        errno = saved;
        return;
    }
    machine m = read_machine(context);
    if (may_leave_at(slot, &m)) {
        enc_count(ENC_COUNT_SIGNAL);
        enc_unwind_context(slot, context, ENC_UNWOUND_HALT);
    }
    errno = saved;
}

#ifdef ENCLAVE_TESTING
void
enc_testing_signal(void *context)
{
    on_halt_signal(halt_signal, NULL, context);
}
#endif

void
enc_halt_violation(enc_slot *slot, int nr)
{
    if (slot->violation == 0) {
        slot->violation = nr + 1;
    }
    compat_safe_point_announce(slot->interp, slot->tstate);
}

int
enc_safe_point(void *arg)
{
    enc_slot *slot = arg;
    if (enc_current_slot == slot && slot->violation != 0 &&
        atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
        enc_halt_self(slot, ENC_HALT_VIOLATION);
    }
    if (enc_current_slot == slot && atomic_load(&slot->halt_reason) != ENC_HALT_NONE &&
        enc_may_leave_python(slot)) {
        enc_count(ENC_COUNT_SAFE_POINT);
        enc_unwind(slot, ENC_UNWOUND_HALT);
    }
    return 0;
}

/* --- Asking --------------------------------------------------------------------------------------------------------- */

bool
enc_halt_locked(enc_slot *slot, int reason)
{
    if (slot->state != ENC_STATE_RUNNING && (slot->state != ENC_STATE_STARTING || slot->interp == NULL)) {
        return false;
    }
    if (atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
        slot->halt_at = enc_now();
        slot->pokes = 0;
        slot->next_poke = slot->halt_at + ENC_SAFE_POINT_GRACE;
        atomic_store(&slot->halt_reason, reason);
        ENC_POINT(slot, HALT_DECIDED);
        compat_safe_point_announce(slot->interp, slot->tstate);
        ENC_POINT(slot, HALT_ANNOUNCED);
        enc_futex_post(&slot->reply_seq);
        enc_watchdog_wake(slot->next_poke);
    }
    return true;
}

bool
enc_halt_request(enc_slot *slot, uint64_t run_id, int reason)
{
    ENC_POINT(slot, HALT_ASKED);
    enc_mutex_lock(&slot->lock);
    bool was = slot->job.run_id == run_id;
    if (was && slot->job_begins) {
        slot->early_halt = slot->early_halt == ENC_HALT_NONE ? reason : slot->early_halt;
    }
    else {
        was = was && enc_halt_locked(slot, reason);
    }
    enc_mutex_unlock(&slot->lock);
    return was;
}

void
enc_halt_self(enc_slot *slot, int reason)
{
    if (slot->critical) {
        return;
    }
    bool now = enc_may_leave(slot);
    slot->critical++;
    enc_mutex_lock(&slot->lock);
    if (atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
        if (slot->state == ENC_STATE_RUNNING && !now) {
            enc_halt_locked(slot, reason);
        }
        else {
            slot->halt_at = enc_now();
            atomic_store(&slot->halt_reason, reason);
        }
    }
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
    if (now) {
        enc_count(ENC_COUNT_ALLOCATOR);
        enc_unwind(slot, ENC_UNWOUND_HALT);
    }
}

/* --- Start ------------------------------------------------------------------------------------------------------------ */

static void
in_child(void)
{
    enc_watchdog_forget();
    enc_library_calls_in_child();
    enc_slots_forget();
}

int
enc_halt_init(void)
{
    if (halt_signal == 0) {
        for (int s = SIGRTMAX - 1; s > SIGRTMIN + 1 && halt_signal == 0; s--) {
            struct sigaction old;
            if (sigaction(s, NULL, &old) == 0 && old.sa_handler == SIG_DFL) {
                struct sigaction act = {.sa_sigaction = on_halt_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
                sigfillset(&act.sa_mask);
                if (sigaction(s, &act, NULL) == 0) {
                    halt_signal = s;
                }
            }
        }
        if (halt_signal == 0) {
            return EAGAIN;
        }
        enc_places_init();
        enc_park_init();
        pthread_atfork(NULL, NULL, in_child);
    }
    return enc_watchdog_start();
}
