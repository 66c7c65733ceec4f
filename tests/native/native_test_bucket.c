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
    while (enc_bucket_take(b, now, 0)) {
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
        CHECK(enc_bucket_take(&b, START + n * (ENC_SECOND / 1000), 0));
        CHECK(!enc_bucket_take(&b, START + n * (ENC_SECOND / 1000), 0));
    }
}

static void
in_any_second_at_most_twice_the_rate(void)
{
    enc_bucket b = enc_bucket_make(50);
    uint64_t taken = 0;
    for (int64_t now = START; now < START + ENC_SECOND; now += 1000) {
        taken += enc_bucket_take(&b, now, 0);
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
            CHECK(enc_bucket_take(&b, START, INT64_MAX));
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

static void
small_messages_take_one_token_whatever_their_size(void)
{
    /* One token's share and no more: the count is what it is without sizes. */
    enc_bucket b = enc_bucket_make(100);
    uint64_t taken = 0;
    while (enc_bucket_take(&b, START, ENC_SECOND / 100)) {
        taken++;
    }
    CHECK(taken == 100);
    CHECK(!enc_bucket_take(&b, START + ENC_SECOND / 100 - 1, 0));
    CHECK(enc_bucket_take(&b, START + ENC_SECOND / 100, 0));
    /* Nor does a share above it go unnoticed. */
    b = enc_bucket_make(100);
    CHECK(enc_bucket_take(&b, START, ENC_SECOND / 100 + 1));
    CHECK(drain(&b, START) == 98);
}

static void
large_messages_take_their_share(void)
{
    enc_bucket b = enc_bucket_make(1000);
    CHECK(enc_bucket_left(&b, START) == ENC_SECOND);
    CHECK(enc_bucket_take(&b, START, ENC_SECOND / 10));
    CHECK(enc_bucket_left(&b, START) == ENC_SECOND / 10 * 9);
    CHECK(drain(&b, START) == 900);
    CHECK(!enc_bucket_take(&b, START + ENC_SECOND / 10 - 1, ENC_SECOND / 10));
    CHECK(enc_bucket_take(&b, START + ENC_SECOND / 10, ENC_SECOND / 10));
    CHECK(enc_bucket_left(&b, START + 3600 * ENC_SECOND) == ENC_SECOND);
}

static void
one_of_any_size_can_be_sent_and_a_few_before_it(void)
{
    static const uint64_t rates[] = {1, 2, 3, 7, 100, 1000, 5000, 1000000, (uint64_t)ENC_SECOND};
    for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++) {
        enc_bucket b = enc_bucket_make(rates[i]);
        uint64_t before = rates[i] / 5;
        for (uint64_t n = 0; n < before && n < 1000; n++) {
            CHECK(enc_bucket_take(&b, START, 0));
        }
        CHECK(enc_bucket_take(&b, START, INT64_MAX));
        CHECK(!enc_bucket_take(&b, START, INT64_MAX));
        CHECK(enc_bucket_take(&b, START + ENC_SECOND, INT64_MAX));
    }
}

static void
the_share_grows_with_bytes_and_items(void)
{
    CHECK(enc_message_share(0, 0) == 0);
    CHECK(enc_message_share(1, 0) > 0 && enc_message_share(0, 1) > enc_message_share(1, 0));
    CHECK(enc_message_share(3000, 7) == enc_message_share(3000, 0) + enc_message_share(0, 7));
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
    small_messages_take_one_token_whatever_their_size();
    large_messages_take_their_share();
    one_of_any_size_can_be_sent_and_a_few_before_it();
    the_share_grows_with_bytes_and_items();
    return 0;
}
