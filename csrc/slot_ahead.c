/* Jobs that wait in the slot itself, behind the run that is under way: the slot goes from one to the next without its
   host, which may hand over many at once and hear of their ends when it comes to it.

   Everything here wants slot->lock held. */

#include "slot_internal.h"

#include <stdlib.h>

char *
enc_job_place(enc_slot *slot, const enc_job *job, int early_halt)
{
    char *old = slot->job.request;
    slot->job = *job;
    slot->has_job = slot->job_begins = true;
    slot->early_halt = early_halt;
    slot->job.posted_at = enc_now();
    slot->deadline = job->timeout_ns != 0 ? slot->job.posted_at + job->timeout_ns : 0;
    return old;
}

void
enc_ahead_append(enc_slot *slot, enc_ahead *list)
{
    *slot->ahead_tail = list;
    while (*slot->ahead_tail != NULL) {
        slot->ahead_tail = &(*slot->ahead_tail)->next;
    }
}

/* Takes it out of the line; it and its request are the caller's. */
static enc_ahead *
unlink_at(enc_slot *slot, enc_ahead **at)
{
    enc_ahead *one = *at;
    *at = one->next;
    if (*at == NULL) {
        slot->ahead_tail = at;
    }
    return one;
}

void
enc_ahead_begin(enc_slot *slot)
{
    if (slot->ahead != NULL && !slot->closing && !slot->has_job && slot->errand == ENC_ERRAND_NONE) {
        enc_ahead *one = unlink_at(slot, &slot->ahead);
        free(enc_job_place(slot, &one->job, one->early_halt));
        free(one);
    }
}

bool
enc_ahead_halt(enc_slot *slot, uint64_t run_id, int reason)
{
    for (enc_ahead *one = slot->ahead; one != NULL; one = one->next) {
        if (one->job.run_id == run_id) {
            one->early_halt = one->early_halt == ENC_HALT_NONE ? reason : one->early_halt;
            return true;
        }
    }
    return false;
}

enc_ahead *
enc_ahead_take(enc_slot *slot, uint64_t run_id)
{
    if (run_id == 0) {
        enc_ahead *all = slot->ahead;
        slot->ahead = NULL;
        slot->ahead_tail = &slot->ahead;
        return all;
    }
    for (enc_ahead **at = &slot->ahead; *at != NULL; at = &(*at)->next) {
        if ((*at)->job.run_id == run_id) {
            enc_ahead *one = unlink_at(slot, at);
            one->next = NULL;
            return one;
        }
    }
    return NULL;
}

void
enc_ahead_free(enc_ahead *list)
{
    while (list != NULL) {
        enc_ahead *next = list->next;
        free(list->job.request);
        free(list);
        list = next;
    }
}
