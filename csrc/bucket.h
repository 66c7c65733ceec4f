/* A token bucket: at most `rate` takings at once, refilled at `rate` a second.  No Python.h.

   Kept as the time at which it will be full again, in whole nanoseconds: nothing is lost by rounding between takings, and
   an idle bucket costs nothing.

   A message takes one token, or if that is more, the share of the second that its size takes.  The shares are such that
   what a full bucket lets through is encoded and decoded within a tenth of a second, whatever it is made of.  No message
   takes more than three quarters of a full bucket, so that one of any size can be sent, and a few small ones before it. */

#ifndef ENCLAVE_BUCKET_H
#define ENCLAVE_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENC_SECOND ((int64_t)1000000000)

/* Nanoseconds of the second's worth. */
#define ENC_BYTE_SHARE 16
#define ENC_ITEM_SHARE 1600 /* items as the codec counts them, see codec.h */

typedef struct {
    int64_t interval; /* for one token; 0: there is no limit */
    int64_t room;     /* how far from full the bucket may be for another token to be in it */
    int64_t full_at;
} enc_bucket;

/* A full bucket.  rate: 0 for no limit; more than one a nanosecond is no limit either. */
static inline enc_bucket
enc_bucket_make(uint64_t rate)
{
    enc_bucket b = {0};
    if (rate != 0 && rate <= (uint64_t)ENC_SECOND) {
        b.interval = ENC_SECOND / (int64_t)rate;
        b.room = b.interval * (int64_t)(rate - 1);
    }
    return b;
}

static inline int64_t
enc_message_share(size_t bytes, size_t items)
{
    return (int64_t)bytes * ENC_BYTE_SHARE + (int64_t)items * ENC_ITEM_SHARE;
}

/* The most that one message takes. */
static inline int64_t
enc_bucket_most(const enc_bucket *b)
{
    int64_t most = (b->room + b->interval) / 4 * 3;
    return most > b->interval ? most : b->interval;
}

/* What a message with that share takes. */
static inline int64_t
enc_bucket_price(const enc_bucket *b, int64_t share)
{
    int64_t most = enc_bucket_most(b);
    return share <= b->interval ? b->interval : share < most ? share : most;
}

/* How much can be taken at once at `now`. */
static inline int64_t
enc_bucket_left(const enc_bucket *b, int64_t now)
{
    return b->room + b->interval - (b->full_at > now ? b->full_at - now : 0);
}

/* Take a message's price at `now` (nanoseconds of a monotonic clock, not negative); false: there is too little, and nothing was taken. */
static inline bool
enc_bucket_take(enc_bucket *b, int64_t now, int64_t share)
{
    if (b->interval == 0) {
        return true;
    }
    int64_t price = enc_bucket_price(b, share);
    if (price > enc_bucket_left(b, now)) {
        return false;
    }
    b->full_at = (b->full_at > now ? b->full_at : now) + price;
    return true;
}

#endif
