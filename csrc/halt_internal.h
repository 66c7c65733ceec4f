/* Shared by the files of the halt: place.c, park.c, unwind.c, halt.c, watchdog.c. */

#ifndef ENCLAVE_HALT_INTERNAL_H
#define ENCLAVE_HALT_INTERNAL_H

#include "core.h"

#include <ucontext.h>

#define ENC_MS ((int64_t)1000000)
/* How long a halt waits for the safe point before it sends a signal, and between signals. */
#define ENC_SAFE_POINT_GRACE (2 * ENC_MS / 5)
#define ENC_POKE_EVERY (3 * ENC_MS / 20)

/* For what looks at the words of an interrupted stack: AddressSanitizer's red zones are among them. */
#define ENC_READS_ANY_STACK __attribute__((no_sanitize("address")))

/* --- place.c ------------------------------------------------------------------------------------------------------ */
typedef enum { PLACE_NEVER, PLACE_LIBC, PLACE_COMPUTING, PLACE_INTERPRETER } place;

typedef struct {
    uintptr_t lo, hi;
    place kind;
} segment;

void enc_places_init(void);
void enc_places_refresh(void); /* watchdog only */
const segment *enc_find_segment(uintptr_t ip);
bool enc_in_string_function(uintptr_t ip);

/* --- park.c --------------------------------------------------------------------------------------------------------- */
void enc_park_init(void);
bool enc_is_park(uintptr_t address);
bool enc_called_by_park(const enc_slot *slot, uintptr_t sp);
void enc_park_catch(enc_slot *slot, uintptr_t entry, uintptr_t sp);

/* --- unwind.c ------------------------------------------------------------------------------------------------------- */
/* Does nothing that outlives the run forbid to leave the guest from here, wherever the instruction pointer is? */
bool enc_may_leave(const enc_slot *slot);
/* The same where no library is at work, or it has been for long: whatever locks are held. */
bool enc_may_leave_python(const enc_slot *slot);

/* --- watchdog.c ------------------------------------------------------------------------------------------------------ */
int enc_watchdog_start(void);   /* 0, or an errno value; at most one */
void enc_watchdog_forget(void); /* in the child of a fork */

#endif
