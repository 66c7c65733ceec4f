/* `_native.Slot`, for the files that have its methods. */

#ifndef ENCLAVE_SLOT_OBJECT_H
#define ENCLAVE_SLOT_OBJECT_H

#include "core.h"
#include "host.h"

uint64_t enc_reserve_run_ids(uint64_t count); /* the first of so many that nobody else gets */
int enc_check_reason(int reason);             /* -1 with an exception set */

/* How often it is tried before the GIL is given up, which may take milliseconds to come back. */
#define ENC_HOST_LOCK_TRIES 100

/* slot->lock for a thread that has the host's GIL: it is not kept from the others while somebody else holds the lock for
   longer than the few lines that most do. */
static inline void
enc_host_lock(enc_slot *slot)
{
    for (int tries = 0; !enc_mutex_try(&slot->lock); tries++) {
        if (tries < ENC_HOST_LOCK_TRIES) {
            enc_pause();
            continue;
        }
        Py_BEGIN_ALLOW_THREADS
        enc_mutex_lock(&slot->lock);
        enc_mutex_unlock(&slot->lock);
        Py_END_ALLOW_THREADS
    }
}

/* run_queue_object.c: methods of the slot. */
PyObject *enc_slot_join(PyObject *op, PyObject *args, PyObject *kwargs);
PyObject *enc_slot_leave(PyObject *op, PyObject *ignored);
PyObject *enc_slot_nudge(PyObject *op, PyObject *ignored);

#endif
