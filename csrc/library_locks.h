/* Locks of libc's that libraries and extension modules hold on a slot's thread; see library_locks.c. */

#ifndef ENCLAVE_LIBRARY_LOCKS_H
#define ENCLAVE_LIBRARY_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define ENC_LIBRARY_LOCKS 8

/* The slot's thread's own, read by its signal handler. */
typedef struct {
    struct {
        void *lock;
        int kind, state;
        int64_t seen; /* the thread's time when a halt first met it; 0: none has */
    } at[ENC_LIBRARY_LOCKS];
    int count;  /* of those that are in use, there and beyond */
    int beyond; /* more than there is room for */
} enc_library_locks;

struct enc_slot;

/* --- library_calls.c ------------------------------------------------------------------------------------------------ */
/* From threads of the host and the watchdog: have what was loaded since call our functions. */
void enc_library_calls_cover(void);
void enc_library_calls_in_child(void); /* of a fork */

/* --- library_locks.c ------------------------------------------------------------------------------------------------ */
uintptr_t enc_library_locks_function(const char *name); /* in the place of libc's of that name; 0: none */

/* On the slot's thread. */
static inline bool
enc_library_locks_held(const volatile enc_library_locks *locks)
{
    return locks->count != 0;
}
/* Each has been held for so long that it guards no moment but a computation; asked by a halt. */
bool enc_library_locks_are_old(volatile enc_library_locks *locks);
/* Who took them has been left. */
void enc_library_locks_give_back(volatile enc_library_locks *locks);
/* A new run: what the last one still held is no matter of its halts. */
void enc_library_locks_clear(volatile enc_library_locks *locks);

#endif
