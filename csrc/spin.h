/* Whether one of a slot's two sides, the host that waits for an event or the slot that waits for a job, looks for a while
   before it falls asleep.  No Python.h.

   Two threads that run at the same time and look have each other's answer within a microsecond; to wake one that sleeps on
   another processor takes tens.  But where the two share a processor, because all others have work, whoever looks keeps
   the other from what is looked for, and sleeping at once is several times faster.  Nobody is told which it is, so each
   slot goes by what came of it: credit for a look that saw the change, less for one in vain.  Without credit both sides
   sleep at once.  Now and then there is a trial of some looks that are long enough for a side that sleeps to wake, which
   brings both back where each has a processor; the less often, the more trials were in vain. */

#ifndef ENCLAVE_SPIN_H
#define ENCLAVE_SPIN_H

#include "futex.h"

#define ENC_SPIN_CREDIT 8     /* at most, and at first */
#define ENC_SPIN_TRIAL 4      /* long looks of a trial, and its credit */
#define ENC_SPIN_PAUSE 64     /* waits of the host until the first trial; twice as many after each in vain, */
#define ENC_SPIN_LONGEST 4096 /* up to this */
#define ENC_SPIN_LONG_LOOKS 8000 /* some 200 us on the machines of 2020 */

typedef struct {
    _Atomic int credit;
    _Atomic int long_looks; /* of this trial, to come */
    _Atomic unsigned slept; /* the host's waits since it looked last */
    _Atomic unsigned pause; /* of them until a trial */
} enc_spin;

#define ENC_SPIN_GET(x) atomic_load_explicit(&(x), memory_order_relaxed)
#define ENC_SPIN_SET(x, value) atomic_store_explicit(&(x), value, memory_order_relaxed)

static inline void
enc_spin_init(enc_spin *spin)
{
    ENC_SPIN_SET(spin->credit, ENC_SPIN_CREDIT);
    ENC_SPIN_SET(spin->pause, ENC_SPIN_PAUSE);
}

/* Look, if there is credit: true if it changed.  What two sides count at the same time may be lost: it is no account. */
static inline bool
enc_spin_slot(enc_spin *spin, enc_futex *f, uint32_t seen, int looks)
{
    int credit = ENC_SPIN_GET(spin->credit), long_looks = ENC_SPIN_GET(spin->long_looks);
    if (credit <= 0) {
        return false;
    }
    if (long_looks > 0) {
        ENC_SPIN_SET(spin->long_looks, long_looks - 1);
        looks = ENC_SPIN_LONG_LOOKS;
    }
    bool changed = false;
    for (int n = 0; n < looks && !changed; n++) {
        enc_pause();
        changed = enc_futex_seq(f) != seen;
    }
    credit = ENC_SPIN_GET(spin->credit) + (changed ? 1 : -1);
    if (credit >= 0 && credit <= ENC_SPIN_CREDIT) {
        ENC_SPIN_SET(spin->credit, credit);
    }
    return changed;
}

/* The same for the host's side, which begins the trials. */
static inline bool
enc_spin_host(enc_spin *spin, enc_futex *f, uint32_t seen, int looks)
{
    int credit = ENC_SPIN_GET(spin->credit);
    if (credit <= 0) {
        unsigned slept = ENC_SPIN_GET(spin->slept) + 1, pause = ENC_SPIN_GET(spin->pause);
        ENC_SPIN_SET(spin->slept, slept % pause);
        if (slept < pause) {
            return false;
        }
        ENC_SPIN_SET(spin->pause, 2 * pause < ENC_SPIN_LONGEST ? 2 * pause : ENC_SPIN_LONGEST);
        ENC_SPIN_SET(spin->long_looks, ENC_SPIN_TRIAL);
        ENC_SPIN_SET(spin->credit, ENC_SPIN_TRIAL);
    }
    else if (credit >= ENC_SPIN_CREDIT) {
        ENC_SPIN_SET(spin->pause, ENC_SPIN_PAUSE);
    }
    return enc_spin_slot(spin, f, seen, looks);
}

#endif
