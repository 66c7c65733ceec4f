/* Shared by the files of the host's module. */

#ifndef ENCLAVE_HOST_H
#define ENCLAVE_HOST_H

#include "compat.h"

extern PyObject *enc_native_error;         /* NativeError */
int64_t enc_seconds_to_ns(double seconds); /* 0 for what is not positive */
int enc_slot_object_init(PyObject *module);
int enc_event_object_init(PyObject *module);
PyObject *enc_event_object(struct enc_event *event); /* the tuple for it; the event is freed */
int enc_interruptible_init(PyObject *module);

#endif
