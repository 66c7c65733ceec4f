/* What a slot goes back to: the snapshot of its birth, and the checkpoints that are taken later.

   Taken and put back by the slot's thread, outside Python and between two runs; an errand is how a host thread asks for it.
   The list of marks is changed under slot->lock. */

#include "slot_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void
enc_leave_no_trace(enc_slot *slot)
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
    enc_leave_no_trace(slot);
    /* What was used beyond the top and given back is not part of it. */
    uintptr_t top = ENC_ALIGN_UP(enc_heap_top(slot->heap), ENC_PAGE);
    memset((void *)enc_heap_top(slot->heap), 0, top - enc_heap_top(slot->heap));
    if (madvise((void *)top, slot->base + slot->size - top, MADV_DONTNEED) == 0) {
        enc_heap_set_touched(slot->heap,
                             top); /* what lies there is zero now, as whoever allocates it relies on */
    }
    return top;
}

bool
enc_take_snapshot(enc_slot *slot)
{
    uintptr_t top = prepare_image(slot);
    slot->rewind = enc_rewind_snapshot((void *)slot->base, top - slot->base, slot->rewind_mode,
                                       compat_interp_link(slot->interp), lock_list, unlock_list);
    return slot->rewind != NULL && enc_foreign_know(slot, &slot->born_with);
}

bool
enc_rewind_to(enc_slot *slot, const enc_mark *mark)
{
    enc_count(ENC_COUNT_REWIND);
    ENC_POINT(slot, REWIND_BEGUN);
    enc_leave_no_trace(slot);
    atomic_store(&slot->remote_frees, NULL);
    if (!enc_rewind_restore(slot->rewind, enc_heap_touched(slot->heap))) {
        return false;
    }
    ENC_POINT(slot, REWIND_RESTORED);
    slot->at_birth = mark == NULL;
    if (mark != NULL) {
        enc_checkpoint_put(slot->rewind, mark->checkpoint);
    }
    if (slot->foreign != NULL && !enc_foreign_return(slot, mark != NULL ? mark->foreign : slot->born_with)) {
        return false;
    }
    lock_own(slot);
    enc_loans_forget(slot);
    unlock_own(slot);
    const enc_belongings *belongings = mark != NULL ? mark->belongings : slot->belongings;
    return !slot->trusted || !slot->own_files || (belongings != NULL && enc_belongings_restore(belongings));
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

static size_t
mark_size(const enc_mark *mark)
{
    return enc_checkpoint_size(mark->checkpoint) + enc_foreign_size(mark->foreign);
}

static void
free_mark(enc_slot *slot, enc_mark *mark)
{
    if (mark->checkpoint != NULL) {
        enc_checkpoint_free(mark->checkpoint);
    }
    enc_foreign_forget(slot, mark->foreign);
    enc_belongings_free(mark->belongings);
    free(mark);
}

static const char *
add_mark(enc_slot *slot)
{
    uintptr_t top = prepare_image(slot);
    enc_mark *mark = calloc(1, sizeof(*mark));
    if (mark == NULL || !enc_foreign_know(slot, &mark->foreign)) {
        free(mark);
        return "out of memory";
    }
    size_t room = slot->memory_limit - slot->marks_size, foreign = enc_foreign_size(mark->foreign);
    mark->checkpoint = enc_checkpoint_take(slot->rewind, top, room > foreign ? room - foreign : 0);
    if (mark->checkpoint == NULL) {
        int err = errno;
        free_mark(slot, mark);
        return err == EFBIG ? "the checkpoints would hold more than the worker's memory limit"
                            : "out of memory";
    }
    mark->strangers = slot->tables->strangers;
    mark->belongings = slot->trusted ? enc_belongings_note() : NULL;
    if (slot->trusted && mark->belongings == NULL) {
        free_mark(slot, mark);
        return "its descriptors could not be noted";
    }
    lock_own(slot);
    enc_loans_pin(slot);
    mark->id = slot->errand_mark = ++slot->last_mark;
    mark->next = slot->marks;
    slot->marks = mark;
    slot->marks_size += mark_size(mark);
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
    slot->marks_size -= mark_size(mark);
    unlock_own(slot);
    free_mark(slot, mark);
}

void
enc_drop_marks(enc_slot *slot)
{
    while (slot->marks != NULL) {
        drop_mark(slot, slot->marks);
    }
}

bool
enc_run_errand(enc_slot *slot)
{
    lock_own(slot);
    int errand = slot->errand;
    enc_mark *mark = enc_find_mark(slot, slot->errand_mark);
    bool known = mark != NULL || slot->errand_mark == 0;
    slot->state = ENC_STATE_REWINDING; /* nobody reaches into the interpreter */
    unlock_own(slot);
    ENC_POINT(slot, ERRAND_BEGUN);
    const char *failure = NULL;
    bool ok = true;
    if (errand == ENC_ERRAND_CHECKPOINT) {
        failure = add_mark(slot);
    }
    else if (!known) {
        failure = "there is no such checkpoint";
    }
    else if (errand == ENC_ERRAND_RESTORE) {
        ok = enc_rewind_to(slot, mark);
        failure = ok ? NULL : "the worker could not be rewound";
    }
    else if (mark != NULL) {
        drop_mark(slot, mark);
        ok = enc_foreign_sweep(slot);
        failure = ok ? NULL : "the worker crashed";
    }
    ENC_POINT(slot, ERRAND_OVER);
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
           : slot->state == ENC_STATE_RUNNING || slot->job_begins || slot->queue != NULL ||
                   slot->errand != ENC_ERRAND_NONE
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
