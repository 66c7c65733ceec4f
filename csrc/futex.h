/* Waiting and locking on a word, for threads of one process.  No Python.h. */

#ifndef ENCLAVE_FUTEX_H
#define ENCLAVE_FUTEX_H

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline int64_t
enc_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The processor's time of this thread, in nanoseconds. */
static inline int64_t
enc_thread_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void
enc_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* A count of things that happened; one waits for it to change. */
typedef struct {
    _Atomic uint32_t seq;
    _Atomic uint32_t waiters;
} enc_futex;

/* 0, or the errno value: EAGAIN (it changed already), EINTR, ETIMEDOUT.  deadline in enc_now() terms; 0: none. */
static inline int
enc_futex_wait(enc_futex *f, uint32_t seen, int64_t deadline)
{
    struct timespec t = {deadline / 1000000000, deadline % 1000000000};
    atomic_fetch_add(&f->waiters, 1);
    long rc = syscall(SYS_futex, &f->seq, FUTEX_WAIT_BITSET_PRIVATE, seen, deadline ? &t : NULL, NULL,
                      FUTEX_BITSET_MATCH_ANY);
    int err = rc == 0 ? 0 : errno;
    atomic_fetch_sub(&f->waiters, 1);
    return err;
}

static inline uint32_t
enc_futex_seq(enc_futex *f)
{
    return atomic_load(&f->seq);
}

static inline void
enc_futex_post(enc_futex *f)
{
    atomic_fetch_add(&f->seq, 1);
    if (atomic_load(&f->waiters) != 0) {
        syscall(SYS_futex, &f->seq, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    }
}

/* A lock of three states (free, held, held with waiters): Drepper, "Futexes Are Tricky".  It is held for less than it takes
   to fall asleep, so whoever finds it held looks again for a while. */
typedef struct {
    _Atomic uint32_t word;
} enc_mutex;

#define ENC_MUTEX_SPINS 100

static inline void
enc_mutex_lock(enc_mutex *m)
{
    uint32_t c = 0;
    if (atomic_compare_exchange_strong(&m->word, &c, 1)) {
        return;
    }
    for (int spins = 0; spins < ENC_MUTEX_SPINS && c != 2; spins++) {
        enc_pause();
        c = atomic_load_explicit(&m->word, memory_order_relaxed);
        if (c == 0 && atomic_compare_exchange_strong(&m->word, &c, 1)) {
            return;
        }
    }
    if (c != 2) {
        c = atomic_exchange(&m->word, 2);
    }
    while (c != 0) {
        syscall(SYS_futex, &m->word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
        c = atomic_exchange(&m->word, 2);
    }
}

static inline bool
enc_mutex_try(enc_mutex *m)
{
    uint32_t c = 0;
    return atomic_compare_exchange_strong(&m->word, &c, 1);
}

static inline void
enc_mutex_unlock(enc_mutex *m)
{
    if (atomic_exchange(&m->word, 0) == 2) {
        syscall(SYS_futex, &m->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}

#endif
