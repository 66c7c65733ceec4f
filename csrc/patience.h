/* How long a thread is waited for, without the time in which it waits for a processor itself.  No Python.h.

   Where there is far more to do than there are processors, a thread in the best of order is late by seconds.  What counts
   against it is the time that passes while it runs, sleeps or is blocked.

   It is looked at from time to time, a sixteenth of the limit apart; whoever is not late is never looked at.  The kernel
   counts how long a thread has waited on a run queue (its run delay), but adds a wait only when it is over.  One that goes
   on is known by two looks: runnable at the first, and at the second it has not run since.

   A look that comes late charges no more than one in time: who looks may have waited for a processor as well, or the
   whole process stood still.  Where the kernel does not tell (no /proc, no run delay in it) all time counts. */

#ifndef ENCLAVE_PATIENCE_H
#define ENCLAVE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* What waits for a processor may add: so many times the limit, and no more than a minute. */
#define ENC_PATIENCE_TIMES 20
#define ENC_PATIENCE_MOST ((int64_t)60 * 1000000000)

/* A look at a thread; times in nanoseconds. */
typedef struct {
    bool known;
    bool runnable; /* it runs, or waits for a processor */
    int64_t cpu;   /* for which it has run */
    int64_t delay; /* for which it has waited before it ran */
} enc_look;

typedef struct {
    int64_t begun;
    int64_t next; /* when to look */
    int64_t limit, most, step;
    int64_t elapsed, charged;
    int64_t waiting; /* counted already of a wait that goes on */
    int64_t at;      /* of the last look */
    enc_look last;
} enc_patience;

/* limit: nanoseconds, not negative; now: of a monotonic clock. */
void enc_patience_begin(enc_patience *p, int64_t now, int64_t limit);
/* At `next` or later.  True: the thread has had its time; false: look again at `next`. */
bool enc_patience_is_over(enc_patience *p, int64_t now, const enc_look *look);

/* Look at a thread of this process; tid 0: it has not had a processor yet.  Allocates nothing. */
enc_look enc_look_at(int tid, clockid_t cpu_clock);

#endif
