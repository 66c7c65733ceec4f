/* Buffers of the host that a run may use in place, and memory that a run leaves to the host.

   The host's slot object holds the buffers until the run is over and the guest has let go of them.  The guest sees each
   as an object of the type below, which counts itself out of its set when it goes; the count lies outside the range.  A
   rewind lets go of everything but what the state that it goes back to already had. */

#ifndef ENCLAVE_LOANS_H
#define ENCLAVE_LOANS_H

#include "compat.h"

typedef struct enc_loan {
    struct enc_loan *next;
    _Atomic Py_ssize_t held; /* objects of the guest's that stand for one of the buffers */
    bool pinned;             /* a checkpoint has such an object */
    Py_ssize_t count;
    Py_buffer buffers[];
} enc_loan;

struct enc_slot;

/* Host, with its GIL: hold the buffers of a sequence; NULL with an exception set. */
enc_loan *enc_loan_take(PyObject *buffers);
void enc_loan_free(enc_loan *loan); /* NULL is fine */
/* Host, with its GIL: free those that nobody holds any more, or all once the slot has ended. */
void enc_loans_collect(struct enc_slot *slot);

/* Slot's thread, at a rewind and at a checkpoint. */
void enc_loans_forget(struct enc_slot *slot);
void enc_loans_pin(struct enc_slot *slot);

/* Guest: a tuple with an object for each buffer of the run; NULL with an exception set. */
PyObject *enc_loans_show(struct enc_slot *slot);
/* Guest: the type of these objects; once per interpreter. */
PyObject *enc_loan_type(void);

#endif
