/* What the machine itself takes: two threads that hand a token to and fro through a futex, and copying memory.

   Built by benchmarks/programme/floors.py.  Times are nanoseconds; each call stores one a turn. */

#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { EMPTY, TOKEN, LAST };
static _Atomic int hand[2];
static int spins;
static pthread_t partner;
static char *between, *with_partner; /* what goes along with the token, if it is any */
static size_t carried;

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
give(int to, int what)
{
    atomic_store(&hand[to], what);
    syscall(SYS_futex, &hand[to], FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

static int
take(int me)
{
    for (int i = 0; i < spins && atomic_load(&hand[me]) == EMPTY; i++) {
        __asm__ volatile("" ::: "memory");
    }
    while (atomic_load(&hand[me]) == EMPTY) {
        syscall(SYS_futex, &hand[me], FUTEX_WAIT_PRIVATE, EMPTY, 0, 0, 0);
    }
    return atomic_exchange(&hand[me], EMPTY);
}

static void *
play(void *arg)
{
    while (take(1) != LAST) {
        if (carried != 0) {
            memcpy(with_partner, between, carried);
            memcpy(between, with_partner, carried);
        }
        give(0, TOKEN);
    }
    return arg;
}

/* A partner who looks so often before it sleeps. */
void
pair_begin(int how_often)
{
    spins = how_often;
    pthread_create(&partner, 0, play, 0);
}

void
pair_turn(void)
{
    give(1, TOKEN);
    take(0);
}

void
pair_turns(int n, double *took)
{
    for (int i = 0; i < n; i++) {
        double start = now();
        pair_turn();
        took[i] = now() - start;
    }
}

void
pair_end(void)
{
    give(1, LAST);
    pthread_join(partner, 0);
}

/* Bytes there and back between the two: each copies them out of the memory between them and back into it. */
void
carry_turns(int n, int how_often, char *mine, char *shared, char *theirs, size_t size, double *took)
{
    between = shared;
    with_partner = theirs;
    carried = size;
    pair_begin(how_often);
    for (int i = 0; i < n; i++) {
        double start = now();
        memcpy(shared, mine, size);
        pair_turn();
        memcpy(mine, shared, size);
        took[i] = now() - start;
    }
    pair_end();
    carried = 0;
}

/* There and back: two copies. */
void
copy_turns(int n, char *one, char *other, size_t size, double *took)
{
    for (int i = 0; i < n; i++) {
        double start = now();
        memcpy(one, other, size);
        __asm__ volatile("" ::: "memory");
        memcpy(other, one, size);
        __asm__ volatile("" ::: "memory");
        took[i] = now() - start;
    }
}
