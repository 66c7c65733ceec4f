/* Shared by the files of a slot's life: slot.c calls slot_birth.c and slot_run.c, and these slot_image.c, slot_files.c and
   slot_events.c. */

#ifndef ENCLAVE_SLOT_INTERNAL_H
#define ENCLAVE_SLOT_INTERNAL_H

#include "core.h"

/* --- On the slot's thread ---------------------------------------------------------------------------------------- */
static inline void
lock_own(enc_slot *slot)
{
    slot->critical++;
    enc_mutex_lock(&slot->lock);
}

static inline void
unlock_own(enc_slot *slot)
{
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
}

static inline uintptr_t
stack_pointer(void)
{
    uintptr_t sp;
#if defined(__x86_64__)
    __asm__ volatile("mov %%rsp, %0" : "=r"(sp));
#else
    __asm__ volatile("mov %0, sp" : "=r"(sp));
#endif
    return sp;
}

static __attribute__((noinline, no_sanitize("address"), unused)) void
touch(uintptr_t at)
{
    (void)*(const volatile char *)at;
}

/* If there is less left of the stack, the fault comes here and not later. */
static inline void
need_stack(uintptr_t bytes)
{
    uintptr_t sp = stack_pointer();
    for (uintptr_t below = 0; below <= bytes; below += ENC_PAGE) {
        touch(sp - below);
    }
}

/* --- slot_events.c ------------------------------------------------------------------------------------------------ */
void enc_drop_events(enc_slot *slot);

/* --- slot_files.c ------------------------------------------------------------------------------------------------- */
void enc_own_thread_tables(enc_slot *slot);      /* once; also the thread's name and number */
void enc_own_process_view(const enc_slot *slot); /* as new: no descriptors, umask, working directory;
                                                    of a trusted one: the standard streams alone */

/* --- slot_image.c ------------------------------------------------------------------------------------------------- */
/* What lies outside the range must not point into it when it is rewound or given back. */
void enc_leave_no_trace(enc_slot *slot);
bool enc_take_snapshot(enc_slot *slot);
/* Back to the snapshot, and on to a checkpoint (NULL: none).  False: the slot cannot serve again. */
bool enc_rewind_to(enc_slot *slot, const enc_mark *mark);
/* Between runs.  False: the slot cannot serve again. */
bool enc_run_errand(enc_slot *slot);
void enc_drop_marks(enc_slot *slot);

/* --- slot_birth.c ------------------------------------------------------------------------------------------------- */
bool enc_slot_be_born(enc_slot *slot); /* false: slot->failure says why */
void enc_creation_forget(void);        /* in the child of a fork */
void enc_fail_start(enc_slot *slot, const char *why);

/* --- slot_run.c --------------------------------------------------------------------------------------------------- */
bool enc_slot_serve(enc_slot *slot); /* slot->job; false: the slot cannot serve again */

#endif
