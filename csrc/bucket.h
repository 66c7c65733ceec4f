/* A token bucket: at most `rate` takings at once, refilled at `rate` a second.  No Python.h.

   Kept as the time at which it will be full again, in whole nanoseconds: nothing is lost by rounding between takings, and
   an idle bucket costs nothing. */

#ifndef ENCLAVE_BUCKET_H
#define ENCLAVE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#define ENC_SECOND ((int64_t)1000000000)

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

/* Take a token at `now` (nanoseconds of a monotonic clock, not negative); false: there is none, and nothing was taken. */
static inline bool
enc_bucket_take(enc_bucket *b, int64_t now)
{
    if (b->interval == 0) {
        return true;
    }
    int64_t full_at = b->full_at > now ? b->full_at : now;
    if (full_at - now > b->room) {
        return false;
    }
    b->full_at = full_at + b->interval;
    return true;
}

#endif
