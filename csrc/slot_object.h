/* `_native.Slot`, for the files that have its methods. */

#ifndef ENCLAVE_SLOT_OBJECT_H
#define ENCLAVE_SLOT_OBJECT_H

#include "core.h"
#include "host.h"

uint64_t enc_next_run_id(void);

/* slot->lock for a thread that has the host's GIL: it is not kept from the others while somebody else holds the lock. */
static inline void
enc_host_lock(enc_slot *slot)
{
    while (!enc_mutex_try(&slot->lock)) {
        Py_BEGIN_ALLOW_THREADS
        enc_mutex_lock(&slot->lock);
        enc_mutex_unlock(&slot->lock);
        Py_END_ALLOW_THREADS
    }
}

/* slot_object_ahead.c */
PyObject *enc_slot_start_ahead(PyObject *op, PyObject *args, PyObject *kwargs);
PyObject *enc_slot_withdraw(PyObject *op, PyObject *args);

#endif
