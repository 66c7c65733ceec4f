/* Shared by the files of the encoder: codec_encode.c, codec_refuse.c. */

#ifndef ENCLAVE_CODEC_ENCODE_H
#define ENCLAVE_CODEC_ENCODE_H

#include "codec_format.h"

typedef enum { AT_ITEM, AT_KEY, AT_VALUE, AT_ELEMENT, AT_PLAIN } place;

/* The containers around the value under way, innermost first: for cycles and for the path in messages. */
typedef struct frame {
    struct frame *up;
    PyObject *container;
    PyObject *key;    /* AT_VALUE: whose value */
    Py_ssize_t index; /* AT_ITEM */
    place at;
} frame;

typedef struct {
    enc_buffer *out;
    size_t limit;   /* out->len + pending never passes it */
    size_t pending; /* bytes that the items still to come take at the least */
    size_t max_size;
    size_t items, max_items;
    unsigned depth, max_depth;
    PyObject *ext;
    frame *top;
    const char **why;
    char *msg;
} encoder;

/* --- codec_refuse.c ----------------------------------------------------------------------------------------------- */
/* Each fills *e->why and e->msg and gives -1. */
FAILURE int enc_fail(encoder *e, const char *why, const char *text);
/* expected: "a value that can cross"; the type's name follows. */
FAILURE int enc_fail_type(encoder *e, const char *expected, PyObject *value);
FAILURE int enc_fail_size(encoder *e);
/* With the exception that is set. */
FAILURE int enc_fail_error(encoder *e);
FAILURE int enc_fail_changed(encoder *e, PyObject *container);
FAILURE int enc_fail_depth(encoder *e, PyObject *container); /* too deep, or in a cycle */

#endif
