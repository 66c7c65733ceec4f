/* A slot's events: what it has to tell its host, in the order in which it came about.

   They are libc's memory, made by the slot's thread and freed by whoever takes them. */

#include "slot_internal.h"

#include <stdlib.h>
#include <string.h>

void
enc_event_free(enc_event *event)
{
    if (event->kind == ENC_EVENT_DONE) {
        enc_done *done = (enc_done *)event->data;
        enc_buffer_free(&done->payload);
        enc_buffer_free(&done->out[0]);
        enc_buffer_free(&done->out[1]);
    }
    free(event->name);
    free(event->data);
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
    char *copy = malloc(len + 1);
    if (event == NULL || copy == NULL) {
        free(event);
        free(copy);
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
    enc_notify_host(slot);
}

void
enc_emit_event(enc_slot *slot, int kind, uint64_t id, const void *data, size_t len)
{
    enc_event *event = enc_event_make(kind, id, data, len);
    if (event != NULL) {
        enc_event_queue(slot, event);
    }
}

void
enc_drop_events(enc_slot *slot)
{
    while (slot->events != NULL) {
        enc_event *event = slot->events;
        slot->events = event->next;
        enc_event_free(event);
    }
    slot->events_tail = &slot->events;
}
