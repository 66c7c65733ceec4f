/* What a slot's thread has of the kernel: descriptors, working directory, umask.  No Python.h.

   Noted with a state of the interpreter, and put back with it: what a halted run has opened is closed, and a lock on a
   file goes with it. */

#ifndef ENCLAVE_BELONGINGS_H
#define ENCLAVE_BELONGINGS_H

#include <stdbool.h>

typedef struct enc_belongings enc_belongings;

/* Those of the calling thread, which shares its tables with no other; NULL: they cannot be told (no /proc). */
enc_belongings *enc_belongings_note(void);
/* Back to what was noted.  False: something that was there is gone or has been exchanged. */
bool enc_belongings_restore(const enc_belongings *b);
void enc_belongings_free(enc_belongings *b); /* NULL is fine */

#endif
