/* The tool calls of a run that its guest has not had the answer of.

   A call is posted (its message waits with us), sent (the host has it), answered, taken (the guest decodes the answer),
   and gone.  One that the guest has forgotten meanwhile is kept until the host has answered it: what the host still works on
   counts.  Ids are never used twice in a process, so an answer that comes late, to a later run even, finds nothing.

   Everything here wants slot->lock; memory is libc's, so the slot's thread comes with `critical` raised. */

#ifndef ENCLAVE_CALLS_H
#define ENCLAVE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct enc_event;

typedef struct enc_call {
    struct enc_call *next;
    uint64_t id;
    enum { ENC_CALL_POSTED, ENC_CALL_SENT, ENC_CALL_ANSWERED, ENC_CALL_TAKEN } state;
    bool forgotten;
    struct enc_event *message; /* until it is sent */
    size_t message_len;        /* counts until the call is gone */
    int64_t price;             /* counts until it is sent */
    bool ok;                   /* what the host answered */
    char *answer;              /* a block (block.h) */
    size_t answer_len;
} enc_call;

typedef struct {
    enc_call *first, **last; /* in the order in which they were posted */
    size_t count;
    size_t bytes;   /* of their messages */
    int64_t posted; /* what those that are not sent yet will take of the bucket */
} enc_calls;

void enc_calls_init(enc_calls *calls);
/* A new call at the end, which owns `message` (its tool call's event) from now on and will take `price` of the bucket
   when it is sent; NULL: out of memory. */
enc_call *enc_calls_post(enc_calls *calls, struct enc_event *message, int64_t price);
/* Its message goes out: the caller's from now on. */
struct enc_event *enc_calls_send(enc_calls *calls, enc_call *call);
/* The call of that id, unless it has been forgotten or its answer is being taken; or NULL. */
enc_call *enc_calls_find(const enc_calls *calls, uint64_t id);
/* The first one whose answer is there, or NULL. */
enc_call *enc_calls_answered(const enc_calls *calls);
/* The host's answer; it owns `answer` from now on if this is true.  false: nobody waits for it. */
bool enc_calls_answer(enc_calls *calls, uint64_t id, bool ok, char *answer, size_t len);
/* The guest does not want the answer any more. */
void enc_calls_forget(enc_calls *calls, enc_call *call);
/* It is gone. */
void enc_calls_remove(enc_calls *calls, enc_call *call);
void enc_calls_drop(enc_calls *calls); /* all of them */

#endif
