/* spin.h: who looked in vain sleeps at once after a while; trials are long looks, bring both sides back where they see the
   change, and become rare where they do not. */

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
    enc_spin_init(&spin);
    CHECK(enc_spin_slot(&spin, &f, 1, LOOKS) && credit() == ENC_SPIN_CREDIT);
    CHECK(enc_spin_host(&spin, &f, 1, LOOKS) && credit() == ENC_SPIN_CREDIT);
    CHECK(!enc_spin_slot(&spin, &f, 0, LOOKS) && credit() == ENC_SPIN_CREDIT - 1);
    CHECK(!enc_spin_host(&spin, &f, 0, LOOKS) && credit() == ENC_SPIN_CREDIT - 2);
    CHECK(enc_spin_slot(&spin, &f, 1, LOOKS) && credit() == ENC_SPIN_CREDIT - 1);
}

static void
lose_all_credit(void)
{
    while (credit() > 0) {
        CHECK(!enc_spin_slot(&spin, &f, 0, LOOKS));
    }
}

static void
test_without_credit_nobody_looks(void)
{
    lose_all_credit();
    for (int i = 0; i < 3 * ENC_SPIN_LONGEST; i++) {
        CHECK(!enc_spin_slot(&spin, &f, 1, LOOKS)); /* it would have seen it */
    }
    CHECK(credit() == 0);
}

/* How many waits of the host come before its next trial, which sees the change or does not. */
static int
until_trial(bool sees)
{
    for (int waits = 0; waits < 2 * ENC_SPIN_LONGEST; waits++) {
        bool changed = enc_spin_host(&spin, &f, sees ? 1 : 0, LOOKS);
        if (credit() > 0) {
            CHECK(changed == sees);
            CHECK(atomic_load(&spin.long_looks) == ENC_SPIN_TRIAL - 1);
            return waits + 1;
        }
        CHECK(!changed);
    }
    CHECK(!"there was a trial");
    return 0;
}

static void
test_trials_in_vain_become_rare(void)
{
    for (int pause = ENC_SPIN_PAUSE; pause < ENC_SPIN_LONGEST; pause *= 2) {
        CHECK(until_trial(false) == pause);
        lose_all_credit();
        CHECK(atomic_load(&spin.long_looks) == 0);
    }
    for (int i = 0; i < 3; i++) {
        CHECK(until_trial(false) == ENC_SPIN_LONGEST);
        lose_all_credit();
    }
}

static void
test_a_trial_that_succeeds_brings_both_back(void)
{
    CHECK(until_trial(true) == ENC_SPIN_LONGEST);
    while (credit() < ENC_SPIN_CREDIT) {
        CHECK(enc_spin_slot(&spin, &f, 1, LOOKS));
        CHECK(enc_spin_host(&spin, &f, 1, LOOKS));
    }
    CHECK(enc_spin_host(&spin, &f, 1, LOOKS));
    lose_all_credit();
    CHECK(until_trial(false) == ENC_SPIN_PAUSE);
}

int
main(void)
{
    test_credit_is_for_looks_that_saw_it();
    test_without_credit_nobody_looks();
    test_trials_in_vain_become_rare();
    test_a_trial_that_succeeds_brings_both_back();
    return 0;
}
