/* Whether one of a slot's two sides, the host that waits for an event or the slot that waits for a job, looks for a while
   before it falls asleep.  No Python.h.

   Two threads that run at the same time and look have each other's answer within a microsecond; to wake one that sleeps on
   another processor takes tens.  But where the two share a processor, because all others have work, whoever looks keeps
   the other from what is looked for, and sleeping at once is several times faster.  Nobody is told which it is, so each
   slot goes by what came of it: credit for a look that saw the change, less for one in vain.  Without credit both sides
   sleep at once, and now and then the host looks for as long as the slot needs to wake: with a processor for each, that
   brings both back. */

#ifndef ENCLAVE_SPIN_H
#define ENCLAVE_SPIN_H

#include "futex.h"

#define ENC_SPIN_CREDIT 8  /* at most, and at first */
#define ENC_SPIN_TRIAL 2   /* credit of a trial */
#define ENC_SPIN_PAUSE 64  /* waits of the host from one trial to the next */
#define ENC_SPIN_LONG 4000 /* looks of a trial: some 100 us on the machines of 2020 */

typedef struct {
    _Atomic int credit;
    _Atomic unsigned slept; /* the host's waits without a look */
} enc_spin;

static inline bool
enc_spin_look(enc_spin *spin, enc_futex *f, uint32_t seen, int looks)
{
    bool changed = false;
    for (int n = 0; n < looks && !changed; n++) {
        enc_pause();
        changed = enc_futex_seq(f) != seen;
    }
    int credit = atomic_load_explicit(&spin->credit, memory_order_relaxed) + (changed ? 1 : -1);
    if (credit >= 0 && credit <= ENC_SPIN_CREDIT) {
        atomic_store_explicit(&spin->credit, credit, memory_order_relaxed);
    }
    return changed;
}

/* The slot's side: true if it changed. */
static inline bool
enc_spin_slot(enc_spin *spin, enc_futex *f, uint32_t seen, int looks)
{
    return atomic_load_explicit(&spin->credit, memory_order_relaxed) > 0 &&
           enc_spin_look(spin, f, seen, looks);
}

/* The host's: true if it changed. */
static inline bool
enc_spin_host(enc_spin *spin, enc_futex *f, uint32_t seen, int looks)
{
    if (atomic_load_explicit(&spin->credit, memory_order_relaxed) <= 0) {
        if (atomic_fetch_add_explicit(&spin->slept, 1, memory_order_relaxed) % ENC_SPIN_PAUSE !=
            ENC_SPIN_PAUSE - 1) {
            return false;
        }
        atomic_store_explicit(&spin->credit, ENC_SPIN_TRIAL, memory_order_relaxed);
        looks = ENC_SPIN_LONG;
    }
    return enc_spin_look(spin, f, seen, looks);
}

#endif
