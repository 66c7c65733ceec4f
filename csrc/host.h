/* Shared by the files of the host's module. */

#ifndef ENCLAVE_HOST_H
#define ENCLAVE_HOST_H

#include "compat.h"

#include "codec.h"

extern PyObject *enc_native_error;         /* NativeError */
int64_t enc_seconds_to_ns(double seconds); /* 0 for what is not positive */
int enc_slot_object_init(PyObject *module);
int enc_host_memory_init(void); /* -1: an exception is set */
/* A tuple of objects that own these buffers, which are empty afterwards. */
PyObject *enc_host_memory(enc_buffer *parts, size_t count);
int enc_event_object_init(PyObject *module);
PyObject *enc_event_object(struct enc_event *event); /* the tuple for it; the event is freed */
int enc_interruptible_init(PyObject *module);

#endif
