/* A slot's events: what it has to tell its host, in the order in which it came about.

   They are libc's memory, made by the slot's thread and freed by whoever takes them. */

#include "block.h"
#include "slot_internal.h"

#include <stdlib.h>
#include <string.h>

void
enc_parts_free(enc_done *done)
{
    for (size_t i = 0; i < done->part_count; i++) {
        enc_buffer_free(&done->parts[i]);
    }
    free(done->parts);
    done->parts = NULL;
    done->part_count = 0;
}

static void
done_free(enc_done *done)
{
    enc_buffer_free(&done->payload);
    enc_buffer_free(&done->out[0]);
    enc_buffer_free(&done->out[1]);
    enc_parts_free(done);
}

void
enc_event_free(enc_event *event)
{
    if (event == NULL) {
        return;
    }
    if (event->kind == ENC_EVENT_DONE) {
        done_free((enc_done *)event->data);
    }
    free(event->name);
    enc_block_free(event->data);
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
    char *copy = enc_block_new(len + 1);
    if (event == NULL || copy == NULL) {
        free(event);
        enc_block_free(copy);
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
    slot->unread += event->len;
    enc_notify_host(slot);
}

enc_event *
enc_event_take(enc_slot *slot)
{
    enc_event *event = slot->events;
    if (event != NULL) {
        slot->events = event->next;
        if (slot->events == NULL) {
            slot->events_tail = &slot->events;
        }
        slot->unread -= event->len;
        if (slot->trusted && event->kind == ENC_EVENT_OUTPUT) {
            enc_futex_post(&slot->reply_seq); /* it may wait for room */
        }
    }
    return event;
}

void
enc_event_put_back(enc_slot *slot, enc_event *event)
{
    event->next = slot->events;
    if (slot->events == NULL) {
        slot->events_tail = &event->next;
    }
    slot->events = event;
    slot->unread += event->len;
}

bool
enc_emit_event(enc_slot *slot, int kind, uint64_t id, const void *data, size_t len)
{
    enc_event *event = enc_event_make(kind, id, data, len);
    if (event != NULL) {
        enc_event_queue(slot, event);
    }
    return event != NULL;
}

void
enc_emit_done(enc_slot *slot, enc_done *done)
{
    enc_event *event = slot->last_word;
    slot->last_word = NULL;
    if (event == NULL) {
        done_free(done);
        return;
    }
    memcpy(event->data, done, sizeof(*done));
    enc_event_queue(slot, event);
}

void
enc_drop_events(enc_slot *slot)
{
    enc_event *event;
    while ((event = enc_event_take(slot)) != NULL) {
        enc_event_free(event);
    }
}
