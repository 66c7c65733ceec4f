/* A run queue: jobs that wait for whichever of its slots is free first.  Each slot goes from one run to the next without
   its host, which may hand over many at once and hears of their ends when it comes to it.

   Lock order: a slot's lock, then the queue's.  Whoever holds the queue's waits for nothing. */

#include "slot_internal.h"

#include <stdlib.h>
#include <string.h>

enc_queued *
enc_queued_make(uint64_t run_id, const void *request, size_t len)
{
    enc_queued *one = calloc(1, sizeof(*one));
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
enc_queued_free(enc_queued *list)
{
    while (list != NULL) {
        enc_queued *next = list->next;
        free(list->job.request);
        enc_loan_free(list->loan);
        enc_event_free(list->last_word);
        free(list);
        list = next;
    }
}

void
enc_job_place(enc_slot *slot, enc_queued *one)
{
    enc_job old = slot->job;
    enc_event *last_word = slot->last_word;
    slot->job = one->job;
    slot->last_word = one->last_word;
    slot->has_job = slot->job_begins = true;
    slot->early_halt = one->early_halt;
    slot->lent = one->loan;
    if (one->loan != NULL) {
        one->loan->next = slot->loans;
        slot->loans = one->loan;
        one->loan = NULL;
    }
    slot->job.posted_at = enc_now();
    slot->deadline = slot->job.timeout_ns != 0 ? slot->job.posted_at + slot->job.timeout_ns : 0;
    one->job = old;
    one->last_word = last_word;
}

/* --- The queue ---------------------------------------------------------------------------------------------------- */

enc_run_queue *
enc_run_queue_make(void)
{
    enc_run_queue *queue = calloc(1, sizeof(*queue));
    if (queue != NULL) {
        atomic_store(&queue->refs, 1);
        queue->end = &queue->first;
    }
    return queue;
}

void
enc_run_queue_decref(enc_run_queue *queue)
{
    if (queue != NULL && atomic_fetch_sub(&queue->refs, 1) == 1) {
        enc_queued_free(queue->first);
        free(queue);
    }
}

/* Takes it out; it and its request are the caller's. */
static enc_queued *
unlink_at(enc_run_queue *queue, enc_queued **at)
{
    enc_queued *one = *at;
    *at = one->next;
    if (*at == NULL) {
        queue->end = at;
    }
    one->next = NULL;
    return one;
}

static enc_queued **
find(enc_run_queue *queue, uint64_t run_id)
{
    enc_queued **at = &queue->first;
    while (*at != NULL && (*at)->job.run_id != run_id) {
        at = &(*at)->next;
    }
    return at;
}

static void
stop_resting(enc_run_queue *queue, enc_slot *slot)
{
    if (slot->rests) {
        enc_slot **at = &queue->resting;
        while (*at != slot) {
            at = &(*at)->next_resting;
        }
        *at = slot->next_resting;
        slot->rests = false;
    }
}

/* The slot that came to rest here last, no longer resting and with a reference for the caller; NULL: none rests. */
static enc_slot *
rouse(enc_run_queue *queue)
{
    enc_slot *slot = queue->resting;
    if (slot != NULL) {
        stop_resting(queue, slot);
        enc_slot_incref(slot);
    }
    return slot;
}

void
enc_run_queue_add(enc_run_queue *queue, enc_queued *list)
{
    enc_mutex_lock(&queue->lock);
    *queue->end = list;
    while (*queue->end != NULL) {
        queue->end = &(*queue->end)->next;
    }
    enc_slot *slot;
    while (queue->first != NULL && (slot = rouse(queue)) != NULL) {
        enc_mutex_unlock(&queue->lock);
        enc_mutex_lock(&slot->lock);
        enc_run_queue_next(slot); /* it may have left meanwhile: then the next one is asked */
        enc_mutex_unlock(&slot->lock);
        enc_futex_post(&slot->job_seq);
        enc_slot_decref(slot);
        enc_mutex_lock(&queue->lock);
    }
    enc_mutex_unlock(&queue->lock);
}

enc_queued *
enc_run_queue_take(enc_run_queue *queue, uint64_t run_id)
{
    enc_mutex_lock(&queue->lock);
    enc_queued *taken;
    if (run_id == 0) {
        taken = queue->first;
        queue->first = NULL;
        queue->end = &queue->first;
    }
    else {
        enc_queued **at = find(queue, run_id);
        taken = *at != NULL ? unlink_at(queue, at) : NULL;
    }
    enc_mutex_unlock(&queue->lock);
    return taken;
}

bool
enc_run_queue_halt(enc_run_queue *queue, uint64_t run_id, int reason)
{
    enc_mutex_lock(&queue->lock);
    enc_queued *one = *find(queue, run_id);
    if (one != NULL && one->early_halt == ENC_HALT_NONE) {
        one->early_halt = reason;
    }
    enc_mutex_unlock(&queue->lock);
    return one != NULL;
}

/* --- Its slots: slot->lock is held -------------------------------------------------------------------------------------- */

void
enc_run_queue_join(enc_slot *slot, enc_run_queue *queue, uint64_t fall_back, uint64_t most)
{
    atomic_fetch_add(&queue->refs, 1);
    slot->queue = queue;
    slot->queue_fall_back = fall_back;
    slot->queue_left = most;
    if (slot->state == ENC_STATE_IDLE) { /* else it comes by itself, if its way back succeeds */
        enc_run_queue_next(slot);
    }
}

void
enc_run_queue_leave(enc_slot *slot)
{
    enc_run_queue *queue = slot->queue;
    if (queue == NULL) {
        return;
    }
    slot->queue = NULL;
    enc_mutex_lock(&queue->lock);
    stop_resting(queue, slot);
    enc_mutex_unlock(&queue->lock);
    enc_run_queue_decref(queue);
}

void
enc_run_queue_next(enc_slot *slot)
{
    enc_run_queue *queue = slot->queue;
    if (queue == NULL || slot->closing || slot->job_begins || slot->queue_left == 0) {
        return;
    }
    enc_mutex_lock(&queue->lock);
    enc_queued *one = NULL;
    if (queue->first != NULL) {
        one = unlink_at(queue, &queue->first);
        stop_resting(queue, slot);
    }
    else if (!slot->rests) {
        slot->rests = true;
        slot->next_resting = queue->resting;
        queue->resting = slot;
    }
    enc_mutex_unlock(&queue->lock);
    if (one != NULL) {
        slot->queue_left--;
        enc_job_place(slot, one);
        slot->job.fall_back = slot->queue_fall_back;
        enc_queued_free(one);
    }
}
