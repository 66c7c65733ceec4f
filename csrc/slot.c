/* A slot's thread and life: birth, runs, rewinds, end.

   Birth     thread with tables of its own, interpreter made without the host's GIL, guest's runtime, snapshot
   Run       landing set, attach, guest, detach, answer handed out
   Rewind    after the answer, by the slot's own thread, outside Python
   End       the interpreter is taken out of the runtime's list and its range is given back.  It is not finalized:
             no atexit function, finalizer or weakref callback of a guest ever runs there, and what it held outside the
             range is nothing (compat_scrub_runtime).

   Ownership: a slot is freed when the host's object and the thread have both let go. */

#include "slot_internal.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>

/* What fragmentation may cost beyond the limit, and what is lent where the limit cannot be enforced at once. */
#define RANGE_SLACK ((size_t)24 << 20)
#define DEFAULT_STACK ((size_t)16 << 20)
#define SPINS 2000

__thread enc_slot *enc_current_slot;
_Atomic uint64_t enc_counters[ENC_COUNT_MAX];

static enc_slot *slots;
static enc_mutex slots_lock;

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
    enc_creation_forget();
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

/* --- References ------------------------------------------------------------------------------------------------------- */

void
enc_slot_incref(enc_slot *slot)
{
    atomic_fetch_add(&slot->refs, 1);
}

void
enc_slot_decref(enc_slot *slot)
{
    if (atomic_fetch_sub(&slot->refs, 1) != 1) {
        return;
    }
    enc_drop_events(slot);
    enc_event_free(slot->last_word);
    free(slot->job.request);
    free(slot->bootstrap);
    enc_code_copy_free(&slot->code_copy);
    enc_code_cache_decref(slot->codes);
    enc_belongings_free(slot->belongings);
    free(slot);
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
        /* An event loop, or a thread that others submit to, takes longer than a look to come back, and who waits for
           that has better use for the processor. */
        bool looks = slot->event_fd < 0 && slot->queue == NULL;
        slot->has_job = false;
        unlock_own(slot);
        if (closing || (errand && !enc_run_errand(slot))) {
            return false;
        }
        if (work) {
            return true;
        }
        ENC_POINT(slot, IDLE);
        if (!looks || !enc_spin_slot(&slot->spin, &slot->job_seq, seen, SPINS)) {
            enc_futex_wait(&slot->job_seq, seen, 0);
        }
    }
}

static void
end_slot(enc_slot *slot)
{
    ENC_POINT(slot, END_BEGUN);
    enc_foreign_end(slot);
    enc_leave_no_trace(slot);
    ENC_POINT(slot, END_TRACELESS);
    compat_lock_acquire(COMPAT_HEAD_LOCK);
    compat_interps_unlink(slot->base, slot->base + slot->size); /* also one that a crash has left half made */
    compat_lock_release(COMPAT_HEAD_LOCK);
    ENC_POINT(slot, END_UNLINKED);
    lock_own(slot);
    enc_run_queue_leave(slot);
    bool failed = slot->failure[0] != 0;
    slot->interp = NULL;
    slot->tstate = NULL;
    slot->heap = NULL;
    unlock_own(slot);
    ENC_POINT(slot, END_RELEASED);
    enc_drop_marks(slot);
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
    table_remove(
        slot); /* not before: a fork finds here whose interpreter it has to unlink and whose lock to free */
}

/* What containment, halts and the processor's account stand on.  Without its bounds the stack could not be given back: all
   of the process's memory below it would be. */
static bool
prepare_thread(enc_slot *slot)
{
    stack_t alt = {.ss_sp = slot->alt_stack, .ss_size = slot->alt_stack_size};
    pthread_attr_t attr;
    if (sigaltstack(&alt, NULL) != 0 || pthread_getcpuclockid(pthread_self(), &slot->cpu_clock) != 0 ||
        pthread_getattr_np(pthread_self(), &attr) != 0) {
        enc_fail_start(slot, "its thread could not be prepared (out of memory)");
        return false;
    }
    void *lo;
    size_t size;
    pthread_attr_getstack(&attr, &lo, &size);
    slot->stack_lo = (uintptr_t)lo;
    slot->stack_hi = (uintptr_t)lo + size;
    pthread_attr_destroy(&attr);
    return true;
}

static void *
slot_main(void *arg)
{
    enc_slot *slot = arg;
    enc_current_slot = slot;
    compat_trace_no_thread();
    slot->landing_sp = ((stack_pointer() - 4096) & ~(uintptr_t)15) - 8;
    bool ready = prepare_thread(slot);
    ENC_POINT(slot, BIRTH_BEGUN);
    enc_own_thread_tables(slot);
    enc_own_process_view(slot);
    if (ready && enc_slot_be_born(slot)) {
        if (!slot->trusted) {
            enc_own_process_view(slot);
        }
        ENC_POINT(slot, BIRTH_OVER);
        lock_own(slot);
        slot->state = ENC_STATE_IDLE;
        slot->at_birth = true;
        enc_notify_host(slot);
        unlock_own(slot);
        while (next_job(slot) && enc_slot_serve(slot)) {
        }
    }
    end_slot(slot);
    ENC_POINT(slot, END_OVER);
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
    enc_spin_init(&slot->spin);
    atomic_store(&slot->refs, 2);
    slot->stack_size = slot->stack_size != 0 ? ENC_ALIGN_UP(slot->stack_size, ENC_PAGE) : DEFAULT_STACK;
    void *base = enc_region_reserve(slot->memory_limit + RANGE_SLACK, &slot->size);
    if (base == NULL) {
        *why = "no address space is left for another worker (see `ulimit -v`)";
        free(slot);
        return NULL;
    }
    if (slot->codes != NULL) {
        enc_code_cache_incref(slot->codes);
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
    slot->host_mask = before;
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
    enc_code_cache_decref(slot->codes);
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

enc_look
enc_slot_look(enc_slot *slot)
{
    int tid = atomic_load(&slot->tid);
    return enc_look_at(tid, slot->cpu_clock);
}

bool
enc_slot_close(enc_slot *slot, int64_t timeout_ns, bool patient)
{
    enc_patience patience;
    int64_t begun = enc_now();
    enc_patience_begin(&patience, begun, timeout_ns);
    ENC_POINT(slot, CLOSE_ASKED);
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
        int64_t deadline = patient ? patience.next : begun + timeout_ns;
        if (enc_futex_wait(&slot->event_seq, seen, deadline) != ETIMEDOUT) {
            continue;
        }
        enc_look look = patient ? enc_slot_look(slot) : (enc_look){0};
        if (!patient || enc_patience_is_over(&patience, enc_now(), &look)) {
            return false;
        }
    }
}
