/* `_native.Slot`, for the files that have its methods. */

#ifndef ENCLAVE_SLOT_OBJECT_H
#define ENCLAVE_SLOT_OBJECT_H

#include "core.h"
#include "host.h"

uint64_t enc_next_run_id(void);

/* slot_object_ahead.c */
PyObject *enc_slot_start_ahead(PyObject *op, PyObject *args, PyObject *kwargs);
PyObject *enc_slot_withdraw(PyObject *op, PyObject *args);

#endif
