/* Memory as an object of the host's Python: see host_memory.c. */

#ifndef ENCLAVE_HOST_MEMORY_H
#define ENCLAVE_HOST_MEMORY_H

#include "codec.h"

#include <stdbool.h>

/* Messages that are larger are not copied into an object of Python's but owned by one. */
#define ENC_LARGE ((size_t)64 << 10)

int enc_host_memory_init(void);          /* -1: an exception is set */
PyObject *enc_host_memory_new(void);     /* an object that owns nothing yet */
PyObject *enc_host_memory(size_t count); /* a tuple of such */
/* What it owns; false: it is another kind of object. */
bool enc_host_memory_look(PyObject *one, const void **data, size_t *len);
/* Let them own these buffers, which are empty afterwards. */
void enc_host_memory_own(PyObject *one, enc_buffer *buffer);
void enc_host_memory_give(PyObject *all, enc_buffer *parts, size_t count);

#endif
