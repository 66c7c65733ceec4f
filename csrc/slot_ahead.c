/* Jobs that wait in the slot itself, behind the run that is under way: the slot goes from one to the next without its
   host, which may hand over many at once and hear of their ends when it comes to it.

   Everything here wants slot->lock held. */

#include "slot_internal.h"

#include <stdlib.h>
#include <string.h>

enc_ahead *
enc_ahead_make(uint64_t run_id, const void *request, size_t len)
{
    enc_ahead *one = calloc(1, sizeof(*one));
    char *copy = malloc(len + 1);
    enc_event *last_word = enc_event_make(ENC_EVENT_DONE, run_id, &(enc_done){0}, sizeof(enc_done));
    if (one == NULL || copy == NULL || last_word == NULL) {
        free(one);
        free(copy);
        enc_event_free(last_word);
        return NULL;
    }
    memcpy(copy, request, len);
    one->job.run_id = run_id;
    one->job.request = copy;
    one->job.request_len = len;
    one->last_word = last_word;
    return one;
}

void
enc_job_place(enc_slot *slot, enc_ahead *one)
{
    enc_job old = slot->job;
    enc_event *last_word = slot->last_word;
    slot->job = one->job;
    slot->last_word = one->last_word;
    slot->has_job = slot->job_begins = true;
    slot->early_halt = one->early_halt;
    slot->job.posted_at = enc_now();
    slot->deadline = slot->job.timeout_ns != 0 ? slot->job.posted_at + slot->job.timeout_ns : 0;
    one->job = old;
    one->last_word = last_word;
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
    one->next = NULL;
    return one;
}

void
enc_ahead_begin(enc_slot *slot)
{
    if (slot->ahead != NULL && !slot->closing && !slot->has_job && slot->errand == ENC_ERRAND_NONE) {
        enc_ahead *one = unlink_at(slot, &slot->ahead);
        enc_job_place(slot, one);
        enc_ahead_free(one);
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
enc_ahead_take(enc_slot *slot, uint64_t run_id, bool following)
{
    enc_ahead **at = &slot->ahead;
    while (*at != NULL && (*at)->job.run_id < run_id) { /* they stand in the order of their numbers */
        at = &(*at)->next;
    }
    enc_ahead *taken = *at;
    if (taken == NULL || (!following && taken->job.run_id != run_id)) {
        return NULL;
    }
    if (following) {
        *at = NULL;
        slot->ahead_tail = at;
        return taken;
    }
    return unlink_at(slot, at);
}

void
enc_ahead_free(enc_ahead *list)
{
    while (list != NULL) {
        enc_ahead *next = list->next;
        free(list->job.request);
        enc_event_free(list->last_word);
        free(list);
        list = next;
    }
}
