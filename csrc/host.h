/* Shared by the files of the host's module. */

#ifndef ENCLAVE_HOST_H
#define ENCLAVE_HOST_H

#include "compat.h"

#include "codec.h"
#include "host_memory.h"

struct enc_code_cache;
struct enc_event;
struct enc_slot;

extern PyObject *enc_native_error;         /* NativeError */
int64_t enc_seconds_to_ns(double seconds); /* 0 for what is not positive */
typedef struct {
    PyObject_HEAD
    struct enc_slot *slot;
} SlotObject;

int enc_slot_object_init(PyObject *module);
/* slot_checkpoints.c: methods of the object. */
PyObject *enc_object_checkpoint(PyObject *op, PyObject *ignored);
PyObject *enc_object_restore(PyObject *op, PyObject *args);
PyObject *enc_object_forget(PyObject *op, PyObject *args);
int enc_run_queue_object_init(PyObject *module);
/* code_cache_object.c */
int enc_code_cache_object_init(PyObject *module);
int
enc_code_cache_from(PyObject *object, struct enc_code_cache **cache); /* borrowed; -1: an exception is set */
int enc_event_object_init(PyObject *module);
/* The tuple for an event that was taken.  NULL: it is the slot's next one again, and not lost. */
PyObject *enc_event_object(struct enc_slot *slot, struct enc_event *event);
int enc_interruptible_init(PyObject *module);

#endif
