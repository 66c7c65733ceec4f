/* Containment of crashes on slots' threads.

   A SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP or SIGSYS on a slot's thread leaves the guest like a halt does, but for the question
   where the thread stands: it cannot go on from there.  The slot is replaced afterwards.  On every other thread the
   handler that stood before ours is called, with what the kernel gave us.

   A host may install handlers after us (faulthandler.enable(), signal.signal()).  Before each run ours are put on top
   again and what was found there is called for the other threads from then on.  Such a handler may hand over to "the one
   before", which is ours: a thread that comes back in that way gets the default action. */

#include "core.h"

#include <stdlib.h>
#include <string.h>

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
#define COUNT (sizeof(signals) / sizeof(*signals))

static struct sigaction before[COUNT];
static enc_mutex lock;
static __thread volatile sig_atomic_t passing_on;

static void
pass_on(size_t which, int signum, siginfo_t *info, void *context)
{
    struct sigaction to = before[which];
    if (to.sa_handler == SIG_IGN && info->si_code <= 0) {
        return; /* ignored, and not raised by an instruction that would be run again */
    }
    if (to.sa_handler == SIG_DFL || to.sa_handler == SIG_IGN || passing_on) {
        struct sigaction dfl = {.sa_handler = SIG_DFL};
        sigaction(signum, &dfl, NULL);
        if (info->si_code <= 0) {
            raise(signum); /* delivered when this handler returns */
        }
        return; /* the instruction faults again, and the process ends as it would have without us */
    }
    passing_on = 1;
    if (to.sa_flags & SA_SIGINFO) {
        to.sa_sigaction(signum, info, context);
    }
    else {
        to.sa_handler(signum);
    }
    passing_on = 0;
}

static void
on_crash(int signum, siginfo_t *info, void *context)
{
    enc_slot *slot = enc_current_slot;
#ifdef ENCLAVE_TESTING
    if (signum == SIGTRAP && enc_testing_step(slot, context)) {
        return;
    }
#endif
    if (signum == SIGSYS) {
        enc_sandbox_answer answer = enc_sandbox_emulate(slot, info, context);
        if (answer == ENC_SANDBOX_ANSWERED) {
            return;
        }
        if (answer == ENC_SANDBOX_CONTAIN && slot != NULL) {
            slot->violation = info->si_syscall + 1;
        }
        if (answer == ENC_SANDBOX_ABORT) {
            signum = SIGABRT;
        }
    }
#ifdef ENCLAVE_TESTING
    if (getenv("ENCLAVE_DUMP_CORE") != NULL) {
        signal(signum, SIG_DFL);
        return;
    }
#endif
    if (slot != NULL && slot->running && (!slot->critical || slot->freeing)) {
        slot->crash_signal = signum;
        enc_count(ENC_COUNT_CRASH);
        enc_unwind_context(slot, context, ENC_UNWOUND_CRASH);
        return;
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (signals[i] == signum) {
            pass_on(i, signum, info, context);
        }
    }
}

static bool
is_ours(const struct sigaction *act)
{
    return (act->sa_flags & SA_SIGINFO) && act->sa_sigaction == on_crash;
}

void
enc_contain_refresh(void)
{
    for (size_t i = 0; i < COUNT; i++) {
        struct sigaction now;
        if (sigaction(signals[i], NULL, &now) != 0 || is_ours(&now)) {
            continue;
        }
        enc_mutex_lock(&lock);
        if (sigaction(signals[i], NULL, &now) == 0 && !is_ours(&now)) {
            before[i] = now;
            /* Nested faults on one thread are the other handler's to deal with: leave the signal unblocked as it had it. */
            struct sigaction act = {.sa_sigaction = on_crash,
                                    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
            act.sa_mask = now.sa_mask;
            sigaction(signals[i], &act, NULL);
        }
        enc_mutex_unlock(&lock);
    }
}

int
enc_contain_init(void)
{
    enc_contain_refresh();
    return 0;
}
