/* The strict codec: values to bytes to values, between interpreters that share no objects.

   The format and the rules are written at the head of codec_format.h. */

#ifndef ENCLAVE_CODEC_H
#define ENCLAVE_CODEC_H

#include <Python.h>
#include <stdbool.h>
#include <stddef.h>

#define ENC_MSG_SIZE 256
#define ENC_DEFAULT_SIZE ((size_t)16 * 1024 * 1024)
#define ENC_DEFAULT_DEPTH 200u
#define ENC_MAX_DEPTH 500u    /* hard cap: deeper wishes get this */
#define ENC_MAX_EXT_TAG 65535 /* tags of the hooks: 0 to this */

/* Blocks (block.h), never the range's: the buffer outlives the interpreter that wrote it.  Zeroed is empty. */
typedef struct {
    unsigned char *data;
    size_t len, cap;
    unsigned char *growing; /* what data will be, while it is copied */
} enc_buffer;

/* Room for need more bytes, of which all together are at most limit, as the caller knows.  false: out of memory. */
bool enc_buffer_grow(enc_buffer *b, size_t need, size_t limit);
void enc_buffer_free(enc_buffer *b); /* and empties it; may be called again */

typedef struct {
    size_t max_size;      /* bytes that one call may write */
    unsigned max_depth;   /* containers inside each other; 0: the default */
    PyObject *ext_encode; /* borrowed dict, or NULL: exact type -> callable(value) -> (tag, plain value),
                             or a str that says why this one cannot cross */
    size_t
        *items; /* or NULL.  In: how many items it may have, out: how many it has (or had, where it failed).
                             What is in a container counts as one, and what is dear to encode or decode as some more:
                             see the list in codec_format.h */
} enc_encode_opts;

/* Appends value to out.  0, or -1 with out->len as it was, *why one of "type", "depth", "size", "items",
   "cycle" and "error", and a message of printable ASCII.  A Python exception is set for "error" and never else. */
int enc_encode(PyObject *value, const enc_encode_opts *opts, enc_buffer *out, const char **why,
               char msg[ENC_MSG_SIZE]);

typedef struct {
    unsigned max_depth;   /* 0: the default */
    PyObject *ext_decode; /* borrowed dict, or NULL: tag -> callable(plain value) -> value */
} enc_decode_opts;

/* A new reference.  NULL: either msg is filled and no exception set (the bytes are at fault), or msg is
   empty and one is set (MemoryError, or what is no Exception, like KeyboardInterrupt). */
PyObject *
enc_decode(const unsigned char *data, size_t len, const enc_decode_opts *opts, char msg[ENC_MSG_SIZE]);

/* The host's module: encode(), decode(), set_ext(), EncodeError and DecodeError. */
PyObject *enc_py_encode(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);
PyObject *enc_py_decode(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);
PyObject *enc_py_set_ext(PyObject *module, PyObject *const *args, Py_ssize_t nargs);
int enc_codec_init_module(PyObject *module); /* 0, or -1 with an exception set */

/* The hooks that encode() and decode() of this module use from now on: copies of the dicts, checked; None
   for no hooks.  0, or -1 with an exception set (TypeError for a wrong table). */
int enc_codec_set_ext(PyObject *module, PyObject *encode_table, PyObject *decode_table);
/* The table in force (borrowed), NULL without one; never sets an exception. */
PyObject *enc_codec_ext_encode(PyObject *module);
PyObject *enc_codec_ext_decode(PyObject *module);
/* Raise EncodeError or DecodeError of the module from what enc_encode or enc_decode left. */
void enc_codec_raise_encode(PyObject *module, const char *why, const char *msg);
void enc_codec_raise_decode(PyObject *module, const char *msg);

#endif
