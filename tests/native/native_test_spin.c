/* spin.h: who looked in vain sleeps at once after a while, and a trial that sees the change brings both sides back. */

#include "spin.h"

#include "native_test.h"

#define LOOKS 3

static enc_spin spin;
static enc_futex f; /* its count is 0: for who has seen 0 nothing happens, for who has seen 1 it has */

static int
credit(void)
{
    return atomic_load(&spin.credit);
}

static void
test_credit_is_for_looks_that_saw_it(void)
{
    atomic_store(&spin.credit, ENC_SPIN_CREDIT);
    CHECK(enc_spin_slot(&spin, &f, 1, LOOKS) && credit() == ENC_SPIN_CREDIT);
    CHECK(enc_spin_host(&spin, &f, 1, LOOKS) && credit() == ENC_SPIN_CREDIT);
    CHECK(!enc_spin_slot(&spin, &f, 0, LOOKS) && credit() == ENC_SPIN_CREDIT - 1);
    CHECK(!enc_spin_host(&spin, &f, 0, LOOKS) && credit() == ENC_SPIN_CREDIT - 2);
    CHECK(enc_spin_slot(&spin, &f, 1, LOOKS) && credit() == ENC_SPIN_CREDIT - 1);
}

static void
test_without_credit_nobody_looks(void)
{
    while (credit() > 0) {
        CHECK(!enc_spin_slot(&spin, &f, 0, LOOKS));
    }
    for (int i = 0; i < 3 * ENC_SPIN_PAUSE; i++) {
        CHECK(!enc_spin_slot(&spin, &f, 1, LOOKS)); /* it would have seen it */
    }
    CHECK(credit() == 0);
}

/* The host's wait that is a trial; how many came before it. */
static int
next_trial(uint32_t seen, bool sees)
{
    for (int waits = 0; waits < 2 * ENC_SPIN_PAUSE; waits++) {
        bool changed = enc_spin_host(&spin, &f, seen, LOOKS);
        if (changed || credit() > 0) {
            CHECK(changed == sees);
            return waits;
        }
    }
    CHECK(!"there was a trial");
    return 0;
}

static void
test_a_trial_comes_now_and_then(void)
{
    CHECK(next_trial(0, false) == ENC_SPIN_PAUSE - 1);
    CHECK(credit() == ENC_SPIN_TRIAL - 1);
    while (credit() > 0) {
        CHECK(!enc_spin_host(&spin, &f, 0, LOOKS));
    }
    CHECK(next_trial(1, true) == ENC_SPIN_PAUSE - 1);
    CHECK(credit() == ENC_SPIN_TRIAL + 1);
    while (credit() < ENC_SPIN_CREDIT) {
        CHECK(enc_spin_slot(&spin, &f, 1, LOOKS));
    }
}

int
main(void)
{
    test_credit_is_for_looks_that_saw_it();
    test_without_credit_nobody_looks();
    test_a_trial_comes_now_and_then();
    return 0;
}
