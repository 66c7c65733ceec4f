/* The list of a run's outstanding tool calls; see calls.h. */

#include "block.h"
#include "core.h"

#include <stdlib.h>

void
enc_calls_init(enc_calls *calls)
{
    *calls = (enc_calls){.last = &calls->first};
}

enc_call *
enc_calls_post(enc_calls *calls, enc_event *message, int64_t price)
{
    static _Atomic uint64_t last_id;
    enc_call *call = calloc(1, sizeof(*call));
    if (call == NULL) {
        return NULL;
    }
    call->id = message->id = atomic_fetch_add(&last_id, 1) + 1;
    call->message = message;
    call->message_len = message->len;
    call->price = price;
    *calls->last = call;
    calls->last = &call->next;
    calls->count++;
    calls->bytes += call->message_len;
    calls->posted += price;
    return call;
}

enc_event *
enc_calls_send(enc_calls *calls, enc_call *call)
{
    enc_event *message = call->message;
    call->message = NULL;
    call->state = ENC_CALL_SENT;
    calls->posted -= call->price;
    return message;
}

static enc_call *
find(const enc_calls *calls, uint64_t id)
{
    enc_call *call = calls->first;
    while (call != NULL && call->id != id) {
        call = call->next;
    }
    return call;
}

enc_call *
enc_calls_find(const enc_calls *calls, uint64_t id)
{
    enc_call *call = find(calls, id);
    return call != NULL && !call->forgotten && call->state != ENC_CALL_TAKEN ? call : NULL;
}

enc_call *
enc_calls_answered(const enc_calls *calls)
{
    enc_call *call = calls->first;
    while (call != NULL && call->state != ENC_CALL_ANSWERED) {
        call = call->next;
    }
    return call;
}

bool
enc_calls_answer(enc_calls *calls, uint64_t id, bool ok, char *answer, size_t len)
{
    enc_call *call = find(calls, id);
    if (call == NULL || call->state != ENC_CALL_SENT) {
        return false;
    }
    if (call->forgotten) {
        enc_calls_remove(calls, call);
        return false;
    }
    call->state = ENC_CALL_ANSWERED;
    call->ok = ok;
    call->answer = answer;
    call->answer_len = len;
    return true;
}

void
enc_calls_forget(enc_calls *calls, enc_call *call)
{
    call->forgotten = true;
    if (call->state != ENC_CALL_SENT) {
        enc_calls_remove(calls, call);
    }
}

void
enc_calls_remove(enc_calls *calls, enc_call *call)
{
    enc_call **at = &calls->first;
    while (*at != call) {
        at = &(*at)->next;
    }
    *at = call->next;
    if (calls->last == &call->next) {
        calls->last = at;
    }
    calls->count--;
    calls->bytes -= call->message_len;
    if (call->message != NULL) {
        calls->posted -= call->price;
        enc_event_free(call->message);
    }
    enc_block_free(call->answer);
    free(call);
}

void
enc_calls_drop(enc_calls *calls)
{
    while (calls->first != NULL) {
        enc_calls_remove(calls, calls->first);
    }
}
