/* futex.h: a lock keeps others out, a post is never missed, a deadline is kept. */

#include "futex.h"
#include "native_test.h"

#include <pthread.h>

#define THREADS 4
#define TURNS 20000

static enc_mutex lock;
static long counted; /* not atomic: the lock is to keep it right */

static void *
count(void *arg)
{
    (void)arg;
    for (int i = 0; i < TURNS; i++) {
        enc_mutex_lock(&lock);
        counted++;
        enc_mutex_unlock(&lock);
    }
    return NULL;
}

static void
test_a_lock_keeps_others_out(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, count, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(counted == THREADS * TURNS);
    CHECK(atomic_load(&lock.word) == 0);
}

/* One thread puts messages into a place for one, the other takes them out: each waits for the other's post. */
static enc_futex filled, emptied;
static enc_mutex guard;
static long message; /* 0: none; under guard */

static void
put(long value)
{
    for (;;) {
        uint32_t seen = enc_futex_seq(&emptied);
        enc_mutex_lock(&guard);
        bool room = message == 0;
        if (room) {
            message = value;
        }
        enc_mutex_unlock(&guard);
        if (room) {
            enc_futex_post(&filled);
            return;
        }
        enc_futex_wait(&emptied, seen, 0);
    }
}

static void *
take_all(void *arg)
{
    for (long expected = 1; expected <= TURNS;) {
        uint32_t seen = enc_futex_seq(&filled);
        enc_mutex_lock(&guard);
        long value = message;
        message = 0;
        enc_mutex_unlock(&guard);
        if (value != 0) {
            CHECK(value == expected);
            expected++;
            enc_futex_post(&emptied);
        }
        else {
            enc_futex_wait(&filled, seen, 0);
        }
    }
    return arg;
}

static void
test_no_post_is_missed(void)
{
    pthread_t taker;
    CHECK(pthread_create(&taker, NULL, take_all, NULL) == 0);
    for (long i = 1; i <= TURNS; i++) {
        put(i);
    }
    CHECK(pthread_join(taker, NULL) == 0);
    CHECK(atomic_load(&filled.waiters) == 0 && atomic_load(&emptied.waiters) == 0);
}

static void
test_how_a_wait_ends(void)
{
    enc_futex f = {0};
    int64_t deadline = enc_now() + 2000000;
    CHECK(enc_futex_wait(&f, 0, deadline) == ETIMEDOUT);
    CHECK(enc_now() >= deadline);
    enc_futex_post(&f);
    CHECK(enc_futex_wait(&f, 0, 0) == EAGAIN); /* it has changed already */
    CHECK(enc_futex_seq(&f) == 1 && atomic_load(&f.waiters) == 0);
}

int
main(void)
{
    test_a_lock_keeps_others_out();
    test_no_post_is_missed();
    test_how_a_wait_ends();
    return 0;
}
