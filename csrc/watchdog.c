/* The watchdog: deadlines, CPU time, the escalation of halts, and the bell for event loops.

   One thread for the process, without Python.  It sleeps until the earliest deadline that it knows of; a run whose
   deadline is earlier wakes it.  Deadlines of runs that have ended in time are not taken back: it wakes, finds nothing,
   and sleeps on.

   A slot's thread has no descriptor of the host's, so it cannot write to the eventfd that an event loop waits on: the
   watchdog does.  That hop costs 2.5 to 3 microseconds in the median against a descriptor kept in the slot's table (two
   processors, Linux 6.18; an awaited run takes some hundred), and leaves nothing there that a guest could close, exchange
   or write to. */

#include "halt_internal.h"

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define POKE_RARELY (20 * ENC_MS)
#ifdef ENCLAVE_TESTING
int64_t enc_testing_condemn_after = 5000 * ENC_MS;
#define CONDEMN_AFTER enc_testing_condemn_after
#else
#define CONDEMN_AFTER (5000 * ENC_MS)
#endif

static enc_futex watchdog_seq;
static _Atomic int64_t watchdog_until; /* when it wakes by itself */
static bool watchdog_there;

static int64_t
cpu_used(const enc_slot *slot)
{
    struct timespec t;
    if (clock_gettime(slot->cpu_clock, &t) != 0) {
        return 0;
    }
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec - slot->cpu_start_ns;
}

typedef struct {
    int64_t now, next;
} round_state;

static void
sooner(round_state *round, int64_t when)
{
    if (when < round->next) {
        round->next = when;
    }
}

/* Is what runs there to be given up?  Not because it waits for a processor. */
static bool
is_lost(enc_slot *slot, int64_t now)
{
    enc_patience *patience = &slot->patience;
    if (patience->begun != slot->halt_at) {
        enc_patience_begin(patience, slot->halt_at, CONDEMN_AFTER);
    }
    if (slot->state != ENC_STATE_RUNNING || now < patience->next) {
        return false;
    }
    enc_look look = enc_slot_look(slot);
    return enc_patience_is_over(patience, now, &look);
}

static void
press_halt(enc_slot *slot, round_state *round)
{
    if (round->now < slot->next_poke) {
        sooner(round, slot->next_poke);
        return;
    }
    if (slot->pokes++ == 0) {
        enc_places_refresh();
    }
    else if (slot->pokes % 64 == 0) {
        enc_places_refresh(); /* it may have loaded something since */
    }
    bool lost = is_lost(slot, round->now); /* before the signal, which makes the thread runnable */
    ENC_POINT(slot, POKE_NEXT);
    pthread_kill(slot->thread, enc_halt_signal());
    ENC_POINT(slot, POKE_SENT);
    if (lost) {
        enc_count(ENC_COUNT_CONDEMNED);
        slot->state = ENC_STATE_CONDEMNED;
        enc_done done = {
            .outcome = ENC_OUTCOME_HALTED,
            .detail = atomic_load(&slot->halt_reason),
            .halt_ns = round->now - slot->halt_at,
            .replace = true,
        };
        enc_emit_done(slot, &done);
    }
    slot->next_poke = round->now + (slot->state == ENC_STATE_CONDEMNED ? POKE_RARELY : ENC_POKE_EVERY);
    sooner(round, slot->next_poke);
}

static void
watch_slot(enc_slot *slot, void *arg)
{
    round_state *round = arg;
    enc_mutex_lock(&slot->lock);
    if (slot->state <= ENC_STATE_RUNNING || slot->state == ENC_STATE_CONDEMNED) {
        /* The limits are the run's: a job may lie there already while the slot starts, or for the next run. */
        if (slot->state == ENC_STATE_RUNNING && atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
            if (slot->deadline != 0) {
                if (round->now >= slot->deadline) {
                    ENC_POINT(slot, DEADLINE_SEEN);
                    enc_halt_locked(slot, ENC_HALT_TIMEOUT);
                }
                else {
                    sooner(round, slot->deadline);
                }
            }
            if (slot->job.cpu_limit_ns != 0) {
                int64_t left = slot->job.cpu_limit_ns - cpu_used(slot);
                if (left <= 0) {
                    enc_halt_locked(slot, ENC_HALT_CPU);
                }
                else {
                    sooner(round, round->now + left);
                }
            }
        }
        if (atomic_load(&slot->halt_reason) != ENC_HALT_NONE) {
            press_halt(slot, round);
        }
    }
    enc_mutex_unlock(&slot->lock);
}

static _Atomic(enc_slot *) bells; /* each holds a reference */

void
enc_watchdog_ring(enc_slot *slot)
{
    if (slot->bell_rings) {
        return;
    }
    slot->bell_rings = true;
    enc_slot_incref(slot);
    enc_slot *head = atomic_load(&bells);
    do {
        slot->next_bell = head;
    } while (!atomic_compare_exchange_weak(&bells, &head, slot));
    enc_watchdog_wake(0);
}

static void
ring_bells(void)
{
    enc_slot *slot = atomic_exchange(&bells, NULL);
    while (slot != NULL) {
        enc_slot *next = slot->next_bell; /* another's as soon as the mark is gone */
        enc_mutex_lock(&slot->lock);
        slot->bell_rings = false;
        if (slot->event_fd >= 0) {
            eventfd_write(slot->event_fd, 1);
        }
        enc_mutex_unlock(&slot->lock);
        enc_slot_decref(slot);
        slot = next;
    }
}

/* A thread that runs seldom and briefly, and matters when it does: from Linux 6.12 a shorter slice gets it the processor
   sooner.  It is only a wish. */
static void
ask_for_short_slices(void)
{
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attr = {.size = sizeof(attr), .nice = getpriority(PRIO_PROCESS, 0), .runtime = 100000};
    syscall(SYS_sched_setattr, 0, &attr, 0);
}

static void *
watchdog_main(void *Py_UNUSED(arg))
{
    prctl(PR_SET_NAME, "enclave-watch");
    prctl(PR_SET_TIMERSLACK, 1000);
    ask_for_short_slices();
    for (;;) {
        uint32_t seen = enc_futex_seq(&watchdog_seq);
        ring_bells();
        round_state round = {enc_now(), INT64_MAX};
        enc_slots_each(watch_slot, &round);
        atomic_store(&watchdog_until, round.next);
        /* A deadline that came in meanwhile has changed the sequence. */
        enc_futex_wait(&watchdog_seq, seen, round.next == INT64_MAX ? 0 : round.next);
        atomic_store(&watchdog_until, 0);
    }
    return NULL;
}

void
enc_watchdog_wake(int64_t deadline)
{
    if (deadline < atomic_load(&watchdog_until)) {
        enc_futex_post(&watchdog_seq);
    }
    else {
        atomic_fetch_add(&watchdog_seq.seq, 1);
    }
}

int
enc_watchdog_start(void)
{
    if (watchdog_there) {
        return 0;
    }
    /* Every signal stays with the host's threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int rc = pthread_create(&thread, &attr, watchdog_main, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    watchdog_there = rc == 0;
    return rc;
}

void
enc_watchdog_forget(void)
{
    watchdog_there = false;
    atomic_store(&bells, NULL);
}
