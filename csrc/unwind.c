/* Leaving a guest: the jump from wherever its thread stands to the landing of the run. */

#include "halt_internal.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>

/* AddressSanitizer believes that the frames which were jumped over still lie below, between their red zones. */
void
enc_landed(enc_slot *slot)
{
    enc_library_locks_give_back(&slot->library_locks);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    __asan_unpoison_memory_region((void *)slot->stack_lo, here - slot->stack_lo);
}
#else
void
enc_landed(enc_slot *slot)
{
    enc_library_locks_give_back(&slot->library_locks);
}
#endif

static void
landing(void)
{
    siglongjmp(enc_current_slot->landing,
               enc_current_slot->crash_signal ? ENC_UNWOUND_CRASH : ENC_UNWOUND_HALT);
}

void
enc_unwind_context(enc_slot *slot, void *context, int how)
{
    ucontext_t *uc = context;
    (void)how;
    slot->running = 0;
    /* The kernel restores this context when the handler returns, signal mask and alternate stack included, in one
       step; the jump itself is then made on the slot's own stack, just below the frame that it returns to. */
#if defined(__x86_64__)
    uc->uc_mcontext.gregs[REG_RSP] = (greg_t)slot->landing_sp;
    uc->uc_mcontext.gregs[REG_RIP] = (greg_t)landing;
    uc->uc_mcontext.gregs[REG_EFL] &= ~0x400; /* the calling convention wants the direction flag clear */
#elif defined(__aarch64__)
    uc->uc_mcontext.sp = slot->landing_sp;
    uc->uc_mcontext.pc = (uintptr_t)landing;
#endif
}

void
enc_unwind(enc_slot *slot, int how)
{
    slot->running = 0;
    siglongjmp(slot->landing, how);
}

bool
enc_may_leave(const enc_slot *slot)
{
    return !enc_library_locks_held(&slot->library_locks) && enc_may_leave_python(slot);
}

bool
enc_may_leave_python(const enc_slot *slot)
{
    const PyThreadState *tstate = compat_tstate();
    return slot->running && !slot->critical &&
           (tstate == NULL ||
            ((uintptr_t)tstate->interp - slot->base < slot->size && compat_holds_gil(tstate))) &&
           !compat_runtime_locked();
}
