/* A run, on the slot's thread: landing set, attach, guest, detach, answer handed out, and the way back.

   The answer goes out before anything is cleaned up; the rewind is over before the slot counts as idle. */

#include "slot_internal.h"

#include <fenv.h>
#include <string.h>
#include <sys/mman.h>

#define KEEP_STACK ((size_t)64 << 10)

static void
call_guest(enc_slot *slot)
{
    PyObject *request = slot->trusted
                            ? PyBytes_FromStringAndSize(slot->job.request, (Py_ssize_t)slot->job.request_len)
                            : enc_guest_request(slot);
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

static void __attribute__((noinline))
enter_guest(enc_slot *slot, int64_t start, int64_t cpu_start)
{
    int how = sigsetjmp(slot->landing, 0);
    if (how != 0) {
        enc_landed(slot);
    }
    if (how == 0) {
        fesetenv(FE_DFL_ENV); /* the rounding mode is the thread's, not the range's */
        slot->crash_signal = 0;
        slot->violation = 0;
        slot->loading = 0;
        slot->strikes = 0;
        slot->park_return = 0;
        enc_library_locks_clear(&slot->library_locks);
        ENC_POINT(slot, RUN_LANDING);
        slot->running = 1;
        ENC_POINT(slot, RUN_LEAVABLE);
        lock_own(slot);
        slot->state = ENC_STATE_RUNNING;
        slot->cpu_start_ns = cpu_start;
        slot->job_begins = false;
        int halt = slot->closing ? ENC_HALT_CLOSED : slot->early_halt;
        if (halt == ENC_HALT_NONE && slot->deadline != 0 && slot->deadline <= enc_now()) {
            halt = ENC_HALT_TIMEOUT; /* before it has begun; the watchdog may come too late for a short one */
        }
        if (halt != ENC_HALT_NONE) {
            enc_halt_locked(slot, halt);
        }
        unlock_own(slot);
        if (slot->deadline != 0 || slot->job.cpu_limit_ns != 0) {
            int64_t cpu_first = slot->job.cpu_limit_ns != 0 ? start + slot->job.cpu_limit_ns : INT64_MAX;
            enc_watchdog_wake(slot->deadline != 0 && slot->deadline < cpu_first ? slot->deadline : cpu_first);
        }
        ENC_POINT(slot, RUN_ANNOUNCED);
        PyEval_RestoreThread(slot->tstate);
        ENC_POINT(slot, RUN_ATTACHED);
        call_guest(slot);
        ENC_POINT(slot, RUN_RETURNED);
        PyEval_SaveThread();
        ENC_POINT(slot, RUN_DETACHED);
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
finish_run(enc_slot *slot, int64_t start, int64_t cpu_start, const enc_mark *fall_back, bool *left)
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
    done->cpu_ns = enc_thread_cpu() - cpu_start;
    done->peak_memory = peak;
    const enc_foreign_set *known = fall_back != NULL ? fall_back->foreign : slot->born_with;
    bool strangers = fall_back != NULL && fall_back->strangers;
    done->replace = slot->crash_signal != 0 || (*left && (strangers || !enc_foreign_is_whole(known)));
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
    if (done->outcome >= ENC_OUTCOME_HALTED || condemned) {
        enc_buffer_free(&done->payload);
        enc_parts_free(done);
    }
    slot->lent = NULL;
    enc_emit_done(slot, done); /* of a condemned one the watchdog has told */
    if (slot->job.keep && !*left && !condemned) {
        enc_run_queue_next(
            slot); /* there is little to clean up: before whoever got the answer has another one */
    }
    unlock_own(slot);
    return !condemned;
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
        enc_library_locks_give_back(&slot->library_locks); /* of objects that are gone with the run */
        ok = enc_rewind_to(slot, fall_back);
    }
    if (!slot->trusted) { /* it keeps what it has, but for a rewind */
        enc_own_process_view(slot);
    }
    return ok;
}

/* A run may have a limit of its own, beyond what was held at its start. */
static size_t
limit_of_run(const enc_slot *slot)
{
    size_t in_use, peak, limit, room = slot->job.memory_limit;
    enc_heap_account(slot->heap, &in_use, &peak, &limit);
    return room != 0 && in_use < slot->memory_limit && room < slot->memory_limit - in_use
               ? in_use + room
               : slot->memory_limit;
}

bool
enc_slot_serve(enc_slot *slot)
{
    ENC_POINT(slot, RUN_TAKEN);
    int64_t start = slot->job.posted_at, cpu_start = enc_thread_cpu();
    memset(&slot->done, 0, sizeof(slot->done));
    slot->messages = enc_bucket_make(slot->job.max_messages_per_second);
    enc_heap_reset_peak(slot->heap);
    enc_heap_set_limit(slot->heap, limit_of_run(slot));
    slot->run_count++;
    /* Once the answer is out, the host may put the next job in the place of this one. */
    bool keep = slot->job.keep, left;
    const enc_mark *fall_back = keep ? enc_find_mark(slot, slot->job.fall_back) : NULL;
    enter_guest(slot, start, cpu_start);
    ENC_POINT(slot, RUN_OVER);
    bool ok = finish_run(slot, start, cpu_start, fall_back, &left);
    ENC_POINT(slot, ANSWER_OUT);
    enc_heap_set_limit(slot->heap, slot->memory_limit);
    ok = go_back(slot, left, keep, fall_back) && ok;
    ENC_POINT(slot, REWIND_OVER);
    lock_own(slot);
    atomic_store(&slot->halt_reason, ENC_HALT_NONE);
    slot->halt_at = 0;
    enc_calls_drop(&slot->calls);
    atomic_store(&slot->reply_seq.waiters, 0); /* a wait that was left has not taken itself off */
    slot->state = ok ? ENC_STATE_IDLE : ENC_STATE_FAILED;
    if (ok && !slot->done.replace) {
        enc_run_queue_next(slot);
    }
    enc_futex_post(
        &slot->event_seq); /* no event loop waits for the end of a rewind: the bell is left alone */
    unlock_own(slot);
    return ok;
}
