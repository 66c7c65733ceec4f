/* The token bucket against a clock of our own. */

#include "bucket.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

#define START ((int64_t)86400 * ENC_SECOND)

/* How many tokens can be had at that moment. */
static uint64_t
drain(enc_bucket *b, int64_t now)
{
    uint64_t taken = 0;
    while (enc_bucket_take(b, now)) {
        taken++;
    }
    return taken;
}

static void
a_full_bucket_holds_one_second(void)
{
    static const uint64_t rates[] = {1, 2, 3, 7, 100, 500, 999, 1000, 5000, 1000000};
    for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
        enc_bucket b = enc_bucket_make(rates[i]);
        CHECK(drain(&b, START) == rates[i]);
        CHECK(drain(&b, START) == 0); /* refused is not taken */
        CHECK(drain(&b, START + ENC_SECOND) == rates[i]);
    }
}

static void
it_is_refilled_at_the_rate_and_never_over_the_brim(void)
{
    enc_bucket b = enc_bucket_make(100);
    CHECK(drain(&b, START) == 100);
    CHECK(drain(&b, START + ENC_SECOND / 100 - 1) == 0);
    CHECK(drain(&b, START + ENC_SECOND / 100) == 1);
    CHECK(drain(&b, START + ENC_SECOND / 2) == 49);
    CHECK(drain(&b, START + 3600 * ENC_SECOND) == 100);
}

static void
a_steady_sender_at_the_rate_is_never_refused(void)
{
    enc_bucket b = enc_bucket_make(1000);
    CHECK(drain(&b, START) == 1000);
    for (int64_t n = 1; n <= 100000; n++) {
        CHECK(enc_bucket_take(&b, START + n * (ENC_SECOND / 1000)));
        CHECK(!enc_bucket_take(&b, START + n * (ENC_SECOND / 1000)));
    }
}

static void
in_any_second_at_most_twice_the_rate(void)
{
    enc_bucket b = enc_bucket_make(50);
    uint64_t taken = 0;
    for (int64_t now = START; now < START + ENC_SECOND; now += 1000) {
        taken += enc_bucket_take(&b, now);
    }
    CHECK(taken == 50 + 49);
}

static void
no_rate_is_no_limit(void)
{
    static const uint64_t rates[] = {0, (uint64_t)ENC_SECOND + 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
        enc_bucket b = enc_bucket_make(rates[i]);
        for (int n = 0; n < 1000000; n++) {
            CHECK(enc_bucket_take(&b, START));
        }
    }
}

static void
a_clock_that_stands_still_or_steps_back_gives_nothing(void)
{
    enc_bucket b = enc_bucket_make(10);
    CHECK(drain(&b, START) == 10);
    CHECK(drain(&b, START - ENC_SECOND) == 0);
    CHECK(drain(&b, 0) == 0);
    CHECK(drain(&b, START + ENC_SECOND / 10) == 1);
}

int
main(void)
{
    a_full_bucket_holds_one_second();
    it_is_refilled_at_the_rate_and_never_over_the_brim();
    a_steady_sender_at_the_rate_is_never_refused();
    in_any_second_at_most_twice_the_rate();
    no_rate_is_no_limit();
    a_clock_that_stands_still_or_steps_back_gives_nothing();
    return 0;
}
