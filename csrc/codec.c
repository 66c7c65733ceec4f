/* The strict codec: values to bytes to values, between interpreters that share no objects.

   Format.  One value, nothing before it and nothing after it.  A value is a tag byte and what the tag says:

     00..7f       int: the tag less 16, so -16 to 111
     80..bf       str: 0 to 63 bytes of UTF-8, the tag less 0x80
     c0 c1 c2     None, False, True
     c3           float: 8 bytes, IEEE 754 binary64
     c4           int of more than 64 bits: varint length n (9 or more), n bytes, two's complement
     c5           str: varint length (64 or more), UTF-8
     c6           bytes: varint length, the bytes (bytes, bytearray and memoryview all arrive as bytes)
     c7           a value of the hooks: varint tag (at most 65535), then a plain value, without c7 inside
     c8..cf       int of 1 to 8 bytes, the tag less 0xc7: two's complement
     d0 d1        list, tuple: u32 count, the items
     d2           dict: u32 count, key, value, key, value ...
     d3 d4        set, frozenset: u64 count, the items

   All numbers are little endian; a varint is LEB128.  Each value has one form: the shortest.  The counts
   have a fixed width so that no container is cheap on the wire and dear in memory: what decodes takes some 40
   times the bytes of its message at the most.  (An empty set takes 216 bytes; if it came as one, 16 MiB of
   them would make 3.6 GB.)

   Encoding runs no code of the value's owner.  It looks at the type's pointer and flags, never at __class__,
   and reads through the concrete layouts, also those of subclasses, which arrive as their base.  No dict is
   asked about a foreign type (that would call its metaclass's __hash__): the hooks' table is walked and
   compared by identity.  Only a hook can run Python, and with it a collection and finalizers: containers and
   items are held by strong references, and sizes are checked again at each step.

   Decoding trusts nothing.  Every length and count is held against the bytes that remain *and are not owed to
   the containers around it*, so that all claims together never exceed the message.  Keys that are made to
   collide (an int's hash is the int) would make a dict quadratic: more than FLOOD_LIMIT keys of one hash in
   one container are refused.  Not detected: different hashes whose probe sequences meet.

   Threads: no state but the caller's; any thread with its interpreter's GIL.  In a guest a halt may jump out
   of the middle of any call that allocates, so nothing here is owned but Python memory, which a rewind
   restores, and the caller's enc_buffer, which is whole at every instant: see grow().  C stack: at the most
   300 bytes a level, so 150 KiB at ENC_MAX_DEPTH. */

#define PY_SSIZE_T_CLEAN
#include "codec.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL_INT_BIAS = 16,
    SMALL_INT_MAX = 111,
    SHORT_STR_MAX = 63,

    TAG_SHORT_STR = 0x80,
    TAG_NONE = 0xc0,
    TAG_FALSE = 0xc1,
    TAG_TRUE = 0xc2,
    TAG_FLOAT = 0xc3,
    TAG_BIG_INT = 0xc4,
    TAG_STR = 0xc5,
    TAG_BYTES = 0xc6,
    TAG_EXT = 0xc7,
    TAG_INT = 0xc7, /* plus the number of bytes, 1 to 8 */
    TAG_LIST = 0xd0,
    TAG_TUPLE = 0xd1,
    TAG_DICT = 0xd2,
    TAG_SET = 0xd3,
    TAG_FROZENSET = 0xd4,
};

#define VARINT_MAX 10  /* bytes of a 64-bit varint */
#define EXT_DEPTH 4    /* levels that a hook's plain value may add to the depth around it */
#define FLOOD_LIMIT 64 /* keys of one hash in one container */
#define KEY_CACHE 64   /* keys of dicts that a decoder remembers; a power of two */

/* Out of the frames that recursion piles up: message buffers, and what few values need. */
#define APART __attribute__((noinline))
#define FAILURE __attribute__((noinline, cold))

/* Where a value stands. */
enum {
    IN_KEY = 1,   /* a dict's key or a set's item: must be hashable */
    IN_PLAIN = 2, /* what a hook gave: no more hooks */
};

/* ---- the buffer ---- */

void
enc_buffer_free(enc_buffer *b)
{
    unsigned char *data = b->data;
    b->len = b->cap = 0;
    atomic_signal_fence(memory_order_seq_cst);
    b->data = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    free(data);
}

/* Room for need more bytes; capacity never passes limit.  False: out of memory.

   Not realloc(): if a halt jumped out between its return and the store of the new pointer, the caller would
   free a block twice.  In this order the worst that a halt leaves behind is one leaked block. */
APART static bool
grow(enc_buffer *b, size_t need, size_t limit)
{
    size_t wanted = b->len + need; /* at most limit: the caller looked */
    size_t cap = b->cap < 256 ? 256 : b->cap > limit / 2 ? limit : b->cap * 2;
    if (cap < wanted) {
        cap = wanted;
    }
    if (cap > limit) {
        cap = limit;
    }
    unsigned char *old = b->data, *data = malloc(cap);
    if (data == NULL) {
        return false;
    }
    if (b->len != 0) {
        memcpy(data, old, b->len);
    }
    atomic_signal_fence(memory_order_seq_cst);
    b->data = data;
    atomic_signal_fence(memory_order_seq_cst);
    b->cap = cap;
    atomic_signal_fence(memory_order_seq_cst);
    free(old);
    return true;
}

static inline void
store_le(unsigned char *p, uint64_t v, int n)
{
    for (int i = 0; i < n; i++) {
        p[i] = (unsigned char)(v >> (8 * i));
    }
}

static inline uint64_t
load_le(const unsigned char *p, int n)
{
    uint64_t v = 0;
    for (int i = 0; i < n; i++) {
        v |= (uint64_t)p[i] << (8 * i);
    }
    return v;
}

static unsigned char *
store_varint(unsigned char *p, uint64_t v)
{
    for (; v >= 0x80; v >>= 7) {
        *p++ = (unsigned char)(v | 0x80);
    }
    *p++ = (unsigned char)v;
    return p;
}

/* Printable ASCII without the backtick that quotes it, cut to fit; what else stands there becomes `?`. */
static void
plain_text(char *out, size_t cap, const char *text)
{
    size_t n = 0;
    for (; *text != '\0' && n + 1 < cap; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c & 0xc0) != 0x80) { /* one mark for each character, not for each byte */
            out[n++] = c >= 0x20 && c < 0x7f && c != '`' ? (char)c : '?';
        }
    }
    out[n] = '\0';
    if (*text != '\0' && n >= 3) {
        memcpy(out + n - 3, "...", 3);
    }
}

/* The same of a str object, whatever its class. */
static void
plain_str(char *out, size_t cap, PyObject *str)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(str), i = 0;
    size_t n = 0;
    for (; i < length && n + 1 < cap; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(str, i);
        out[n++] = c >= 0x20 && c < 0x7f && c != '`' ? (char)c : '?';
    }
    out[n] = '\0';
    if (i < length && n >= 3) {
        memcpy(out + n - 3, "...", 3);
    }
}

static unsigned
depth_limit(unsigned wish)
{
    return wish == 0 ? ENC_DEFAULT_DEPTH : wish > ENC_MAX_DEPTH ? ENC_MAX_DEPTH : wish;
}

/* ---- encoding ---- */

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
    unsigned depth, max_depth;
    PyObject *ext;
    frame *top;
    const char **why;
    char *msg;
} encoder;

static int encode_value(encoder *e, PyObject *value, int where);

/* One step of the path, like `.name`, `[3]`, `["two words"]`. */
static void
step_text(const frame *f, char *out, size_t cap)
{
    switch (f->at) {
    case AT_ITEM:
        snprintf(out, cap, "[%zd]", f->index);
        return;
    case AT_KEY:
        snprintf(out, cap, "<key>");
        return;
    case AT_ELEMENT:
        snprintf(out, cap, "<item>");
        return;
    case AT_PLAIN:
        out[0] = '\0';
        return;
    case AT_VALUE:
        break;
    }
    if (PyUnicode_Check(f->key)) {
        char key[32];
        plain_str(key, sizeof key, f->key);
        bool word = key[0] != '\0' && !(key[0] >= '0' && key[0] <= '9');
        for (const char *p = key; *p != '\0'; p++) {
            word = word && ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
                            (*p >= 'A' && *p <= 'Z') || *p == '_');
        }
        snprintf(out, cap, word ? ".%s" : "[\"%s\"]", key);
        return;
    }
    int overflow = 0;
    long long number = PyLong_Check(f->key) ? PyLong_AsLongLongAndOverflow(f->key, &overflow) : 0;
    if (PyLong_Check(f->key) && !PyBool_Check(f->key) && !overflow) {
        snprintf(out, cap, "[%lld]", number);
    }
    else {
        snprintf(out, cap, "[...]");
    }
}

/* `$.a[3]`; of a long path the end. */
static void
path_text(const encoder *e, char *out, size_t cap)
{
    char steps[96], step[48];
    size_t at = sizeof steps;
    const frame *f = e->top;
    for (; f != NULL; f = f->up) {
        step_text(f, step, sizeof step);
        size_t n = strlen(step);
        if (n > at) {
            break;
        }
        at -= n;
        memcpy(steps + at, step, n);
    }
    snprintf(out, cap, "$%s%.*s", f != NULL ? "..." : "", (int)(sizeof steps - at), steps + at);
}

FAILURE static int
fail(encoder *e, const char *why, const char *text)
{
    char path[128];
    path_text(e, path, sizeof path);
    *e->why = why;
    snprintf(e->msg, ENC_MSG_SIZE, "%.120s - at `%s`", text, path);
    return -1;
}

/* expected: "a value that can cross"; the type's name follows. */
FAILURE static int
fail_type(encoder *e, const char *expected, PyObject *value)
{
    char name[48], text[121];
    plain_text(name, sizeof name, Py_TYPE(value)->tp_name);
    snprintf(text, sizeof text, "Expected %s, got `%s`", expected, name);
    return fail(e, "type", text);
}

FAILURE static int
fail_size(encoder *e)
{
    char text[80];
    snprintf(text, sizeof text, "Expected a value of at most %zu bytes, got a larger one", e->max_size);
    return fail(e, "size", text);
}

/* With the exception that is set. */
FAILURE static int
fail_error(encoder *e)
{
    *e->why = "error";
    snprintf(e->msg, ENC_MSG_SIZE, "An exception was raised while a value was encoded");
    return -1;
}

FAILURE static int
fail_changed(encoder *e, PyObject *container)
{
    PyErr_Format(PyExc_RuntimeError, "a %.100s changed its size while it was encoded",
                 Py_TYPE(container)->tp_name);
    return fail_error(e);
}

static inline size_t
room(const encoder *e)
{
    return e->limit - e->pending - e->out->len;
}

/* Where n bytes may be written; e->out->len says afterwards how many were.  NULL: failed. */
static inline unsigned char *
reserve(encoder *e, size_t n)
{
    enc_buffer *b = e->out;
    if (n > room(e)) {
        fail_size(e);
        return NULL;
    }
    if (n > b->cap - b->len && !grow(b, n, e->limit)) {
        PyErr_NoMemory();
        fail_error(e);
        return NULL;
    }
    return b->data + b->len;
}

static inline int
put_byte(encoder *e, int tag)
{
    unsigned char *p = reserve(e, 1);
    if (p == NULL) {
        return -1;
    }
    *p = (unsigned char)tag;
    e->out->len++;
    return 0;
}

/* Tag, varint length and the bytes. */
APART static int
put_block(encoder *e, int tag, const void *data, size_t n)
{
    unsigned char head[1 + VARINT_MAX];
    head[0] = (unsigned char)tag;
    size_t head_size = (size_t)(store_varint(head + 1, n) - head);
    if (n > room(e)) { /* before the sum, which could overflow */
        return fail_size(e);
    }
    unsigned char *p = reserve(e, head_size + n);
    if (p == NULL) {
        return -1;
    }
    memcpy(p, head, head_size);
    if (n != 0) {
        memcpy(p + head_size, data, n);
    }
    e->out->len += head_size + n;
    return 0;
}

static inline int
put_int64(encoder *e, long long v)
{
    if (v >= -SMALL_INT_BIAS && v <= SMALL_INT_MAX) {
        return put_byte(e, (int)v + SMALL_INT_BIAS);
    }
    int n = 1;
    for (long long rest = v >> 7; rest != 0 && rest != -1; rest >>= 8) {
        n++;
    }
    unsigned char *p = reserve(e, 1 + (size_t)n);
    if (p == NULL) {
        return -1;
    }
    *p = (unsigned char)(TAG_INT + n);
    store_le(p + 1, (uint64_t)v, n);
    e->out->len += 1 + (size_t)n;
    return 0;
}

/* By int.to_bytes, taken from int itself: the C function of it changed its arguments from 3.12 to 3.13. */
APART static int
put_big_int(encoder *e, PyObject *value)
{
    size_t bits = (size_t)_PyLong_NumBits(value);
    if (bits == (size_t)-1) { /* 3.12, 3.13: more bits than a size_t counts */
        PyErr_Clear();
        return fail_size(e);
    }
    size_t n = bits / 8 + 1;
    if (n > room(e)) { /* before it is made */
        return fail_size(e);
    }
    PyObject *bytes = NULL, *args = NULL, *kwargs = NULL;
    PyObject *to_bytes = PyObject_GetAttrString((PyObject *)&PyLong_Type, "to_bytes");
    if (to_bytes != NULL && (args = Py_BuildValue("(Ons)", value, (Py_ssize_t)n, "little")) != NULL &&
        (kwargs = Py_BuildValue("{sO}", "signed", Py_True)) != NULL) {
        bytes = PyObject_Call(to_bytes, args, kwargs);
    }
    Py_XDECREF(to_bytes);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    if (bytes == NULL) {
        return fail_error(e);
    }
    if (!PyBytes_CheckExact(bytes) || (size_t)PyBytes_GET_SIZE(bytes) != n) {
        Py_DECREF(bytes);
        PyErr_SetString(PyExc_SystemError, "int.to_bytes() gave something else");
        return fail_error(e);
    }
    const unsigned char *p = (const unsigned char *)PyBytes_AS_STRING(bytes);
    if (p[n - 1] == 0xff && (p[n - 2] & 0x80) != 0) { /* -2**(8*k-1) fits into k bytes */
        n--;
    }
    int rc = put_block(e, TAG_BIG_INT, p, n);
    Py_DECREF(bytes);
    return rc;
}

static inline int
put_int(encoder *e, PyObject *value)
{
    if (PyUnstable_Long_IsCompact((PyLongObject *)value)) {
        return put_int64(e, (long long)PyUnstable_Long_CompactValue((PyLongObject *)value));
    }
    int overflow;
    long long v = PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow ? put_big_int(e, value) : put_int64(e, v);
}

static int
put_float(encoder *e, PyObject *value)
{
    double number = PyFloat_AS_DOUBLE(value);
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    unsigned char *p = reserve(e, 9);
    if (p == NULL) {
        return -1;
    }
    *p = TAG_FLOAT;
    store_le(p + 1, bits, 8);
    e->out->len += 9;
    return 0;
}

/* Not through PyUnicode_AsUTF8: that would leave a copy of the text in the guest's memory. */
APART static int
put_wide_str(encoder *e, PyObject *value)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(value);
    int kind = PyUnicode_KIND(value);
    const void *data = PyUnicode_DATA(value);
    if ((size_t)length > room(e)) { /* before it is read through: each character takes a byte or more */
        return fail_size(e);
    }
    size_t n = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c >= 0xd800 && c <= 0xdfff) {
            return fail_type(e, "text without lone surrogates", value);
        }
        n += 1 + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
    }
    if (n > room(e)) {
        return fail_size(e);
    }
    unsigned char head[1 + VARINT_MAX] = {TAG_STR};
    size_t head_size = 1;
    if (n <= SHORT_STR_MAX) {
        head[0] = (unsigned char)(TAG_SHORT_STR + n);
    }
    else {
        head_size = (size_t)(store_varint(head + 1, n) - head);
    }
    unsigned char *p = reserve(e, head_size + n);
    if (p == NULL) {
        return -1;
    }
    memcpy(p, head, head_size);
    p += head_size;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c < 0x80) {
            *p++ = (unsigned char)c;
        }
        else if (c < 0x800) {
            *p++ = (unsigned char)(0xc0 | c >> 6);
            *p++ = (unsigned char)(0x80 | (c & 0x3f));
        }
        else if (c < 0x10000) {
            *p++ = (unsigned char)(0xe0 | c >> 12);
            *p++ = (unsigned char)(0x80 | (c >> 6 & 0x3f));
            *p++ = (unsigned char)(0x80 | (c & 0x3f));
        }
        else {
            *p++ = (unsigned char)(0xf0 | c >> 18);
            *p++ = (unsigned char)(0x80 | (c >> 12 & 0x3f));
            *p++ = (unsigned char)(0x80 | (c >> 6 & 0x3f));
            *p++ = (unsigned char)(0x80 | (c & 0x3f));
        }
    }
    e->out->len += head_size + n;
    return 0;
}

static inline int
put_str(encoder *e, PyObject *value)
{
    if (!PyUnicode_IS_ASCII(value)) {
        return put_wide_str(e, value);
    }
    size_t n = (size_t)PyUnicode_GET_LENGTH(value);
    if (n > SHORT_STR_MAX) {
        return put_block(e, TAG_STR, PyUnicode_1BYTE_DATA(value), n);
    }
    unsigned char *p = reserve(e, 1 + n);
    if (p == NULL) {
        return -1;
    }
    *p = (unsigned char)(TAG_SHORT_STR + n);
    memcpy(p + 1, PyUnicode_1BYTE_DATA(value), n);
    e->out->len += 1 + n;
    return 0;
}

APART static int
put_memoryview(encoder *e, PyObject *value)
{
    Py_buffer view; /* of the memoryview: the exporter behind it is not asked again */
    if (PyObject_GetBuffer(value, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return fail_type(e, "a memoryview that is C-contiguous and not released", value);
    }
    int rc = put_block(e, TAG_BYTES, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return rc;
}

FAILURE static int
fail_depth(encoder *e, PyObject *container)
{
    char text[121], name[40];
    for (const frame *f = e->top; f != NULL; f = f->up) {
        if (f->container == container) {
            plain_text(name, sizeof name, Py_TYPE(container)->tp_name);
            snprintf(text, sizeof text, "Expected a value without cycles, got a `%s` that contains itself",
                     name);
            return fail(e, "cycle", text);
        }
    }
    snprintf(text, sizeof text, "Expected at most %u containers inside each other, got more", e->max_depth);
    return fail(e, "depth", text);
}

/* The head of a container of count times per values; f becomes the innermost frame. */
APART static int
enter(encoder *e, frame *f, PyObject *container, int tag, Py_ssize_t count, size_t per)
{
    if (e->depth >= e->max_depth) {
        return fail_depth(e, container);
    }
    int width = tag == TAG_SET || tag == TAG_FROZENSET ? 8 : 4;
    unsigned char *p = reserve(e, 1 + (size_t)width);
    if (p == NULL) {
        return -1;
    }
    size_t left = room(e) - (1 + (size_t)width);
    if ((size_t)count > left / per || (width == 4 && (size_t)count > UINT32_MAX)) {
        return fail_size(e);
    }
    *p = (unsigned char)tag;
    store_le(p + 1, (uint64_t)count, width);
    e->out->len += 1 + (size_t)width;
    e->pending += (size_t)count * per;
    e->depth++;
    f->up = e->top;
    f->container = Py_NewRef(container);
    f->key = NULL;
    f->index = 0;
    e->top = f;
    return 0;
}

static int
leave(encoder *e, frame *f, int rc)
{
    e->top = f->up;
    e->depth--;
    Py_DECREF(f->container);
    return rc;
}

/* The value of a container's next item. */
static inline int
encode_item(encoder *e, PyObject *item, int where)
{
    e->pending--;
    Py_INCREF(item);
    int rc = encode_value(e, item, where);
    Py_DECREF(item);
    return rc;
}

APART static int
encode_list(encoder *e, PyObject *list, int where)
{
    if (where & IN_KEY) {
        return fail_type(e, "a hashable key", list);
    }
    frame f = {.at = AT_ITEM};
    Py_ssize_t n = PyList_GET_SIZE(list);
    if (enter(e, &f, list, TAG_LIST, n, 1) < 0) {
        return -1;
    }
    for (; f.index < n && PyList_GET_SIZE(list) == n; f.index++) {
        if (encode_item(e, PyList_GET_ITEM(list, f.index), where) < 0) {
            return leave(e, &f, -1);
        }
    }
    return leave(e, &f, PyList_GET_SIZE(list) == n ? 0 : fail_changed(e, list));
}

APART static int
encode_tuple(encoder *e, PyObject *tuple, int where)
{
    frame f = {.at = AT_ITEM};
    Py_ssize_t n = PyTuple_GET_SIZE(tuple);
    if (enter(e, &f, tuple, TAG_TUPLE, n, 1) < 0) {
        return -1;
    }
    for (; f.index < n; f.index++) {
        if (encode_item(e, PyTuple_GET_ITEM(tuple, f.index), where) < 0) {
            return leave(e, &f, -1);
        }
    }
    return leave(e, &f, 0);
}

APART static int
encode_dict(encoder *e, PyObject *dict, int where)
{
    if (where & IN_KEY) {
        return fail_type(e, "a hashable key", dict);
    }
    frame f = {.at = AT_KEY};
    Py_ssize_t n = PyDict_GET_SIZE(dict), pos = 0;
    if (enter(e, &f, dict, TAG_DICT, n, 2) < 0) {
        return -1;
    }
    Py_ssize_t i = 0;
    for (; i < n; i++) {
        PyObject *key, *value;
        if (PyDict_GET_SIZE(dict) != n || !PyDict_Next(dict, &pos, &key, &value)) {
            break;
        }
        /* Both held while either is under way: a hook may end in a finalizer that clears the dict. */
        Py_INCREF(key);
        Py_INCREF(value);
        f.at = AT_KEY;
        e->pending--;
        int rc = encode_value(e, key, where | IN_KEY);
        if (rc == 0) {
            f.at = AT_VALUE;
            f.key = key;
            e->pending--;
            rc = encode_value(e, value, where);
        }
        Py_DECREF(key);
        Py_DECREF(value);
        if (rc < 0) {
            return leave(e, &f, -1);
        }
    }
    return leave(e, &f, i == n && PyDict_GET_SIZE(dict) == n ? 0 : fail_changed(e, dict));
}

/* Through the iterator of set itself, whatever the class: it runs no code of a subclass, holds the set,
   notices changes, and is public on every version (the function that walks the entries is not). */
APART static int
encode_set(encoder *e, PyObject *set, int where)
{
    int tag = PySet_Check(set) ? TAG_SET : TAG_FROZENSET;
    if (tag == TAG_SET && (where & IN_KEY)) {
        return fail_type(e, "a hashable key", set);
    }
    frame f = {.at = AT_ELEMENT};
    Py_ssize_t n = PySet_GET_SIZE(set);
    if (enter(e, &f, set, tag, n, 1) < 0) {
        return -1;
    }
    PyObject *iterator = PySet_Type.tp_iter(set);
    if (iterator == NULL) {
        return leave(e, &f, fail_error(e));
    }
    iternextfunc next = Py_TYPE(iterator)->tp_iternext;
    int rc = 0;
    for (Py_ssize_t i = 0; i < n && rc == 0; i++) {
        PyObject *item = next(iterator);
        if (item == NULL) {
            PyErr_Clear(); /* a RuntimeError that says the same */
            rc = 1;
            break;
        }
        e->pending--;
        rc = encode_value(e, item, where | IN_KEY);
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    if (rc == 1 || (rc == 0 && PySet_GET_SIZE(set) != n)) {
        rc = fail_changed(e, set);
    }
    return leave(e, &f, rc);
}

/* (tag, plain value) of the hook, or its refusal. */
APART static int
put_hooked(encoder *e, PyObject *result)
{
    if (PyUnicode_CheckExact(result)) {
        char text[121];
        plain_str(text, sizeof text, result);
        return fail(e, "type", text);
    }
    long tag = -1;
    if (PyTuple_CheckExact(result) && PyTuple_GET_SIZE(result) == 2 &&
        PyLong_CheckExact(PyTuple_GET_ITEM(result, 0))) {
        int overflow;
        tag = PyLong_AsLongAndOverflow(PyTuple_GET_ITEM(result, 0), &overflow);
    }
    if (tag < 0 || tag > ENC_MAX_EXT_TAG) {
        PyErr_SetString(PyExc_TypeError, "a hook of the encoder must return (tag, plain value) or a str");
        return fail_error(e);
    }
    unsigned char head[1 + VARINT_MAX] = {TAG_EXT};
    size_t head_size = (size_t)(store_varint(head + 1, (uint64_t)tag) - head);
    unsigned char *p = reserve(e, head_size);
    if (p == NULL) {
        return -1;
    }
    memcpy(p, head, head_size);
    e->out->len += head_size;
    frame f = {.up = e->top, .container = result, .at = AT_PLAIN};
    e->top = &f;
    e->max_depth += EXT_DEPTH;
    int rc = encode_value(e, PyTuple_GET_ITEM(result, 1), IN_PLAIN);
    e->max_depth -= EXT_DEPTH;
    e->top = f.up;
    return rc;
}

APART static int
encode_hooked(encoder *e, PyObject *value, PyObject *hook)
{
    Py_INCREF(hook);
    PyObject *result = PyObject_CallOneArg(hook, value);
    Py_DECREF(hook);
    if (result == NULL) {
        return fail_error(e);
    }
    int rc = put_hooked(e, result);
    Py_DECREF(result);
    return rc;
}

/* What is of no exact type of ours: a hook's, an instance of a subclass, or refused. */
APART static int
encode_other(encoder *e, PyObject *value, int where)
{
    if (e->ext != NULL && !(where & IN_PLAIN)) {
        PyObject *type, *hook;
        for (Py_ssize_t pos = 0; PyDict_Next(e->ext, &pos, &type, &hook);) {
            if (type == (PyObject *)Py_TYPE(value)) {
                return encode_hooked(e, value, hook);
            }
        }
    }
    if (PyUnicode_Check(value)) {
        return put_str(e, value);
    }
    if (PyLong_Check(value)) {
        return put_int(e, value);
    }
    if (PyDict_Check(value)) {
        return encode_dict(e, value, where);
    }
    if (PyList_Check(value)) {
        return encode_list(e, value, where);
    }
    if (PyTuple_Check(value)) {
        return encode_tuple(e, value, where);
    }
    if (PyFloat_Check(value)) {
        return put_float(e, value);
    }
    if (PyBytes_Check(value)) {
        return put_block(e, TAG_BYTES, PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value));
    }
    if (PyByteArray_Check(value)) {
        return put_block(e, TAG_BYTES, PyByteArray_AS_STRING(value), (size_t)PyByteArray_GET_SIZE(value));
    }
    if (PyMemoryView_Check(value)) {
        return put_memoryview(e, value);
    }
    if (PyAnySet_Check(value)) {
        return encode_set(e, value, where);
    }
    return fail_type(e, "a value that can cross", value);
}

static int
encode_value(encoder *e, PyObject *value, int where)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == &PyUnicode_Type) {
        return put_str(e, value);
    }
    if (type == &PyLong_Type) {
        return put_int(e, value);
    }
    if (value == Py_None) {
        return put_byte(e, TAG_NONE);
    }
    if (type == &PyBool_Type) {
        return put_byte(e, value == Py_True ? TAG_TRUE : TAG_FALSE);
    }
    if (type == &PyFloat_Type) {
        return put_float(e, value);
    }
    if (type == &PyDict_Type) {
        return encode_dict(e, value, where);
    }
    if (type == &PyList_Type) {
        return encode_list(e, value, where);
    }
    if (type == &PyTuple_Type) {
        return encode_tuple(e, value, where);
    }
    if (type == &PyBytes_Type) {
        return put_block(e, TAG_BYTES, PyBytes_AS_STRING(value), (size_t)PyBytes_GET_SIZE(value));
    }
    if (type == &PySet_Type || type == &PyFrozenSet_Type) {
        return encode_set(e, value, where);
    }
    return encode_other(e, value, where);
}

int
enc_encode(PyObject *value, const enc_encode_opts *opts, enc_buffer *out, const char **why,
           char msg[ENC_MSG_SIZE])
{
    size_t start = out->len, most = (size_t)PY_SSIZE_T_MAX - start;
    encoder e = {
        .out = out,
        .limit = start + (opts->max_size < most ? opts->max_size : most),
        .max_size = opts->max_size,
        .max_depth = depth_limit(opts->max_depth),
        .ext = opts->ext_encode,
        .why = why,
        .msg = msg,
    };
    *why = NULL;
    msg[0] = '\0';
    int rc = encode_value(&e, value, 0);
    if (rc < 0) {
        out->len = start;
    }
    return rc;
}

/* ---- decoding ---- */

typedef struct {
    const unsigned char *start, *p, *end;
    size_t pending; /* of what remains, bytes owed to the containers around */
    unsigned depth, max_depth;
    PyObject *ext;
    char *msg;
    PyObject *keys[KEY_CACHE]; /* short ASCII keys of dicts: the next dict's keys are mostly the same */
} decoder;

static PyObject *decode_value(decoder *d, int where);

FAILURE static void *
malformed(decoder *d, const unsigned char *at, const char *text)
{
    snprintf(d->msg, ENC_MSG_SIZE, "%.200s - at byte %zu", text, (size_t)(at - d->start));
    return NULL;
}

/* An exception that the bytes brought about becomes a message; MemoryError and what is no Exception stays. */
FAILURE static void *
malformed_by_exception(decoder *d, const unsigned char *at, const char *what)
{
    if (PyErr_ExceptionMatches(PyExc_MemoryError) || !PyErr_ExceptionMatches(PyExc_Exception)) {
        return NULL;
    }
    char text[200], detail[120] = "";
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *args = ((PyBaseExceptionObject *)exception)->args;
    if (args != NULL && PyTuple_Check(args) && PyTuple_GET_SIZE(args) > 0 &&
        PyUnicode_Check(PyTuple_GET_ITEM(args, 0))) {
        plain_str(detail, sizeof detail, PyTuple_GET_ITEM(args, 0));
    }
    else {
        plain_text(detail, sizeof detail, Py_TYPE(exception)->tp_name);
    }
    Py_DECREF(exception);
    snprintf(text, sizeof text, "%s: %s", what, detail);
    return malformed(d, at, text);
}

static inline size_t
available(const decoder *d)
{
    return (size_t)(d->end - d->p) - d->pending;
}

FAILURE static void *
cut_short(decoder *d, size_t n)
{
    char text[80];
    snprintf(text, sizeof text, "Expected %zu more bytes, got %zu", n, available(d));
    return malformed(d, d->p, text);
}

FAILURE static void *
too_deep(decoder *d, const unsigned char *at)
{
    char text[80];
    snprintf(text, sizeof text, "Expected at most %u containers inside each other, got more", d->max_depth);
    return malformed(d, at, text);
}

FAILURE static void *
unknown_tag(decoder *d, const unsigned char *at)
{
    char text[80];
    snprintf(text, sizeof text, "Expected a known tag, got 0x%02x", *at);
    return malformed(d, at, text);
}

/* n bytes that are there, or NULL. */
static inline const unsigned char *
take(decoder *d, size_t n)
{
    const unsigned char *p = d->p;
    if (n > available(d)) {
        return cut_short(d, n);
    }
    d->p += n;
    return p;
}

static int
take_varint(decoder *d, uint64_t *out)
{
    const unsigned char *start = d->p;
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
        const unsigned char *p = take(d, 1);
        if (p == NULL) {
            return -1;
        }
        if (shift == 63 && *p > 1) {
            malformed(d, start, "Expected a number of at most 64 bits");
            return -1;
        }
        v |= (uint64_t)(*p & 0x7f) << shift;
        if (*p < 0x80) {
            if (*p == 0 && shift != 0) {
                malformed(d, start, "Expected a number in its shortest form");
                return -1;
            }
            *out = v;
            return 0;
        }
    }
}

/* A varint length and as many bytes. */
static const unsigned char *
take_block(decoder *d, size_t *n)
{
    uint64_t size;
    if (take_varint(d, &size) < 0) {
        return NULL;
    }
    if (size > available(d)) {
        return malformed(d, d->p, "Expected more bytes than there are");
    }
    *n = (size_t)size;
    return take(d, *n);
}

static bool
is_ascii(const unsigned char *p, size_t n)
{
    uint64_t bits = 0, word;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        bits |= word;
    }
    for (; n > 0; p++, n--) {
        bits |= *p;
    }
    return (bits & 0x8080808080808080u) == 0;
}

APART static PyObject *
decode_str(decoder *d, const unsigned char *p, size_t n)
{
    if (n > 1 && is_ascii(p, n)) { /* 0 and 1 are shared objects */
        PyObject *str = PyUnicode_New((Py_ssize_t)n, 127);
        if (str != NULL) {
            memcpy(PyUnicode_1BYTE_DATA(str), p, n);
        }
        return str;
    }
    PyObject *str = PyUnicode_DecodeUTF8((const char *)p, (Py_ssize_t)n, NULL);
    if (str == NULL && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();
        return malformed(d, p, "Expected text in UTF-8");
    }
    return str;
}

/* A short str that is a dict's key: most often one that was seen before, with its hash already known. */
APART static PyObject *
decode_key_str(decoder *d, const unsigned char *p, size_t n)
{
    if (n < 2 || n > 32 || !is_ascii(p, n)) {
        return decode_str(d, p, n);
    }
    PyObject **slot = &d->keys[(p[0] + p[n / 2] * 7u + p[n - 1] * 31u + n * 61u) % KEY_CACHE], *key = *slot;
    if (key != NULL && (size_t)PyUnicode_GET_LENGTH(key) == n &&
        memcmp(PyUnicode_1BYTE_DATA(key), p, n) == 0) {
        return Py_NewRef(key);
    }
    key = decode_str(d, p, n);
    if (key != NULL) {
        Py_XSETREF(*slot, Py_NewRef(key));
    }
    return key;
}

static PyObject *
decode_int(decoder *d, const unsigned char *at, int n)
{
    const unsigned char *p = take(d, (size_t)n);
    if (p == NULL) {
        return NULL;
    }
    uint64_t bits = load_le(p, n);
    if (n < 8 && (p[n - 1] & 0x80) != 0) {
        bits |= ~(uint64_t)0 << (8 * n);
    }
    int64_t v;
    memcpy(&v, &bits, sizeof v);
    bool shorter = n == 1 ? v >= -SMALL_INT_BIAS && v <= SMALL_INT_MAX
                          : p[n - 1] == ((p[n - 2] & 0x80) != 0 ? 0xff : 0x00);
    if (shorter) {
        return malformed(d, at, "Expected an int in its shortest form");
    }
    return PyLong_FromLongLong(v);
}

APART static PyObject *
decode_big_int(decoder *d, const unsigned char *at)
{
    size_t n;
    const unsigned char *p = take_block(d, &n);
    if (p == NULL) {
        return NULL;
    }
    if (n <= 8 || p[n - 1] == ((p[n - 2] & 0x80) != 0 ? 0xff : 0x00)) {
        return malformed(d, at, "Expected an int in its shortest form");
    }
    return _PyLong_FromByteArray(p, n, 1, 1);
}

/* The count of a container; its items, per bytes each at the least, are owed from now on. */
static int
begin(decoder *d, const unsigned char *at, int width, size_t per, size_t *count)
{
    if (d->depth >= d->max_depth) {
        too_deep(d, at);
        return -1;
    }
    const unsigned char *p = take(d, (size_t)width);
    if (p == NULL) {
        return -1;
    }
    uint64_t n = load_le(p, width);
    if (n > available(d) / per) {
        malformed(d, at, "Expected more items than there are bytes");
        return -1;
    }
    *count = (size_t)n;
    d->pending += *count * per;
    d->depth++;
    return 0;
}

/* A list or a tuple. */
APART static PyObject *
decode_sequence(decoder *d, const unsigned char *at, int where)
{
    size_t n;
    bool list = *at == TAG_LIST;
    if (list && (where & IN_KEY)) {
        return malformed(d, at, "Expected a hashable key, got `list`");
    }
    if (begin(d, at, 4, 1, &n) < 0) {
        return NULL;
    }
    PyObject *items = list ? PyList_New((Py_ssize_t)n) : PyTuple_New((Py_ssize_t)n);
    for (size_t i = 0; items != NULL && i < n; i++) {
        d->pending--;
        PyObject *item = decode_value(d, where);
        if (item == NULL) {
            Py_CLEAR(items);
        }
        else if (list) {
            PyList_SET_ITEM(items, (Py_ssize_t)i, item);
        }
        else {
            PyTuple_SET_ITEM(items, (Py_ssize_t)i, item);
        }
    }
    d->depth--;
    return items;
}

/* How many keys of a container share a hash, about: counters by the mixed hash, at least two for each key. */
typedef struct {
    unsigned char *counters;
    size_t mask;
} flood;

/* 0 if key may go in.  A str's and bytes' hash is keyed with a secret of the process. */
APART static int
flood_check(decoder *d, flood *f, size_t count, PyObject *key, const unsigned char *at)
{
    if (count <= FLOOD_LIMIT || PyUnicode_CheckExact(key) || PyBytes_CheckExact(key)) {
        return 0;
    }
    if (f->counters == NULL) {
        size_t size = 256;
        while (size < count * 2) {
            size *= 2;
        }
        f->counters = PyMem_Calloc(size, 1);
        if (f->counters == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        f->mask = size - 1;
    }
    Py_hash_t hash = PyObject_Hash(key);
    if (hash == -1) {
        malformed_by_exception(d, at, "Expected a hashable key");
        return -1;
    }
    uint64_t h = (uint64_t)hash; /* the finalizer of MurmurHash3 */
    h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
    if (++f->counters[(h ^ h >> 33) & f->mask] > FLOOD_LIMIT) {
        malformed(d, at, "Expected keys with hashes of their own, got too many with the same");
        return -1;
    }
    return 0;
}

/* dict[key] = value */
static int
decode_entry(decoder *d, flood *f, PyObject *dict, size_t count, int where)
{
    const unsigned char *at = d->p;
    PyObject *key;
    d->pending--;
    if (*at >= TAG_SHORT_STR && *at < TAG_NONE) {
        size_t n = *at - TAG_SHORT_STR;
        const unsigned char *p;
        d->p++;
        key = (p = take(d, n)) != NULL ? decode_key_str(d, p, n) : NULL;
    }
    else {
        key = decode_value(d, where | IN_KEY);
    }
    if (key == NULL) {
        return -1;
    }
    d->pending--;
    PyObject *value = decode_value(d, where);
    if (value == NULL) {
        Py_DECREF(key);
        return -1;
    }
    Py_ssize_t before = PyDict_GET_SIZE(dict);
    int rc = flood_check(d, f, count, key, at);
    if (rc == 0 && (rc = PyDict_SetItem(dict, key, value)) < 0) {
        malformed_by_exception(d, at, "Expected a hashable key");
    }
    if (rc == 0 && PyDict_GET_SIZE(dict) == before) {
        malformed(d, at, "Expected each key once, got one again");
        rc = -1;
    }
    Py_DECREF(key);
    Py_DECREF(value);
    return rc;
}

APART static PyObject *
decode_dict(decoder *d, const unsigned char *at, int where)
{
    size_t n;
    if (where & IN_KEY) {
        return malformed(d, at, "Expected a hashable key, got `dict`");
    }
    if (begin(d, at, 4, 2, &n) < 0) {
        return NULL;
    }
    flood f = {NULL, 0};
    PyObject *dict =
        PyDict_New(); /* not presized: that would make the slower kind that is not for str keys alone */
    for (size_t i = 0; dict != NULL && i < n; i++) {
        if (decode_entry(d, &f, dict, n, where) < 0) {
            Py_CLEAR(dict);
        }
    }
    PyMem_Free(f.counters);
    d->depth--;
    return dict;
}

APART static PyObject *
decode_set(decoder *d, const unsigned char *at, int where)
{
    size_t n;
    bool frozen = *at == TAG_FROZENSET;
    if (!frozen && (where & IN_KEY)) {
        return malformed(d, at, "Expected a hashable key, got `set`");
    }
    if (begin(d, at, 8, 1, &n) < 0) {
        return NULL;
    }
    flood f = {NULL, 0};
    PyObject *set = frozen ? PyFrozenSet_New(NULL) : PySet_New(NULL);
    for (size_t i = 0; set != NULL && i < n; i++) {
        const unsigned char *item_at = d->p;
        d->pending--;
        PyObject *item = decode_value(d, where | IN_KEY);
        int rc = item == NULL ? -1 : flood_check(d, &f, n, item, item_at);
        if (rc == 0 && (rc = PySet_Add(set, item)) < 0) {
            malformed_by_exception(d, item_at, "Expected a hashable item");
        }
        if (rc == 0 && (size_t)PySet_GET_SIZE(set) != i + 1) {
            malformed(d, item_at, "Expected each item once, got one again");
            rc = -1;
        }
        Py_XDECREF(item);
        if (rc < 0) {
            Py_CLEAR(set);
        }
    }
    PyMem_Free(f.counters);
    d->depth--;
    return set;
}

APART static PyObject *
decode_hooked(decoder *d, const unsigned char *at, int where)
{
    uint64_t tag;
    if (where & IN_PLAIN) {
        return malformed(d, at, "Expected a plain value, got another of the hooks'");
    }
    if (take_varint(d, &tag) < 0) {
        return NULL;
    }
    PyObject *hook = NULL;
    if (d->ext != NULL && tag <= ENC_MAX_EXT_TAG) {
        PyObject *number = PyLong_FromUnsignedLongLong(tag);
        if (number == NULL) {
            return NULL;
        }
        hook = Py_XNewRef(PyDict_GetItemWithError(d->ext, number));
        Py_DECREF(number);
        if (hook == NULL && PyErr_Occurred()) {
            return NULL;
        }
    }
    if (hook == NULL) {
        return malformed(d, at, "Expected a known kind of hooked value, got another");
    }
    d->max_depth += EXT_DEPTH;
    PyObject *plain = decode_value(d, IN_PLAIN), *value = NULL;
    d->max_depth -= EXT_DEPTH;
    if (plain != NULL) {
        value = PyObject_CallOneArg(hook, plain);
        if (value == NULL) {
            malformed_by_exception(d, at, "Expected a valid value");
        }
        Py_DECREF(plain);
    }
    Py_DECREF(hook);
    return value;
}

static PyObject *
decode_value(decoder *d, int where)
{
    const unsigned char *at = take(d, 1), *p;
    size_t n;
    if (at == NULL) {
        return NULL;
    }
    if (*at < TAG_SHORT_STR) {
        return PyLong_FromLong((long)*at - SMALL_INT_BIAS);
    }
    if (*at < TAG_NONE) {
        n = *at - TAG_SHORT_STR;
        return (p = take(d, n)) != NULL ? decode_str(d, p, n) : NULL;
    }
    switch (*at) {
    case TAG_NONE:
        return Py_NewRef(Py_None);
    case TAG_FALSE:
        return Py_NewRef(Py_False);
    case TAG_TRUE:
        return Py_NewRef(Py_True);
    case TAG_FLOAT: {
        if ((p = take(d, 8)) == NULL) {
            return NULL;
        }
        uint64_t bits = load_le(p, 8);
        double number;
        memcpy(&number, &bits, sizeof number);
        return PyFloat_FromDouble(number);
    }
    case TAG_BIG_INT:
        return decode_big_int(d, at);
    case TAG_STR:
        if ((p = take_block(d, &n)) == NULL) {
            return NULL;
        }
        if (n <= SHORT_STR_MAX) {
            return malformed(d, at, "Expected a str in its shortest form");
        }
        return decode_str(d, p, n);
    case TAG_BYTES:
        return (p = take_block(d, &n)) != NULL ? PyBytes_FromStringAndSize((const char *)p, (Py_ssize_t)n)
                                               : NULL;
    case TAG_EXT:
        return decode_hooked(d, at, where);
    case TAG_LIST:
    case TAG_TUPLE:
        return decode_sequence(d, at, where);
    case TAG_DICT:
        return decode_dict(d, at, where);
    case TAG_SET:
    case TAG_FROZENSET:
        return decode_set(d, at, where);
    default:
        break;
    }
    if (*at > TAG_INT && *at <= TAG_INT + 8) {
        return decode_int(d, at, *at - TAG_INT);
    }
    return unknown_tag(d, at);
}

PyObject *
enc_decode(const unsigned char *data, size_t len, const enc_decode_opts *opts, char msg[ENC_MSG_SIZE])
{
    msg[0] = '\0';
    if (len == 0) {
        snprintf(msg, ENC_MSG_SIZE, "Expected a value, got no bytes");
        return NULL;
    }
    decoder d = {
        .start = data,
        .p = data,
        .end = data + len,
        .max_depth = depth_limit(opts->max_depth),
        .ext = opts->ext_decode,
        .msg = msg,
    };
    PyObject *value = decode_value(&d, 0);
    for (int i = 0; i < KEY_CACHE; i++) {
        Py_XDECREF(d.keys[i]);
    }
    if (value != NULL && d.p != d.end) {
        Py_DECREF(value);
        return malformed(&d, d.p, "Expected the end, got more bytes");
    }
    return value;
}

/* ---- the host's module ---- */

#define NAME_EXT_ENCODE "_ext_encode"
#define NAME_EXT_DECODE "_ext_decode"

static PyObject *
from_module(PyObject *module, const char *name)
{
    PyObject *dict = PyModule_GetDict(module);
    return dict == NULL ? NULL : PyDict_GetItemString(dict, name); /* borrowed; swallows errors */
}

static PyObject *
table_in_force(PyObject *module, const char *name)
{
    PyObject *table = from_module(module, name);
    return table != NULL && PyDict_CheckExact(table) ? table : NULL;
}

PyObject *
enc_codec_ext_encode(PyObject *module)
{
    return table_in_force(module, NAME_EXT_ENCODE);
}

PyObject *
enc_codec_ext_decode(PyObject *module)
{
    return table_in_force(module, NAME_EXT_DECODE);
}

void
enc_codec_raise_encode(PyObject *module, const char *why, const char *msg)
{
    PyObject *type = from_module(module, "EncodeError"); /* no static: the exception is its interpreter's */
    if (type == NULL) {
        PyErr_SetString(PyExc_ValueError, msg);
        return;
    }
    PyObject *error = PyObject_CallFunction(type, "s", msg);
    PyObject *reason = PyUnicode_FromString(why);
    if (error != NULL && reason != NULL && PyObject_SetAttrString(error, "reason", reason) == 0) {
        PyErr_SetObject(type, error);
    }
    Py_XDECREF(error);
    Py_XDECREF(reason);
}

void
enc_codec_raise_decode(PyObject *module, const char *msg)
{
    PyObject *type = from_module(module, "DecodeError");
    PyErr_SetString(type != NULL ? type : PyExc_ValueError, msg);
}

/* One positional argument, and size_t arguments by place or name; those not given keep their value. */
static int
parse_args(const char *function, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames, int count,
           const char *const names[], size_t *const values[])
{
    PyObject *given[2] = {NULL, NULL};
    if (nargs < 1 || nargs > 1 + count) {
        PyErr_Format(PyExc_TypeError, "%s() takes 1 to %d positional arguments, got %zd", function, 1 + count,
                     nargs);
        return -1;
    }
    for (Py_ssize_t i = 1; i < nargs; i++) {
        given[i - 1] = args[i];
    }
    for (Py_ssize_t k = 0; kwnames != NULL && k < PyTuple_GET_SIZE(kwnames); k++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, k);
        int i = 0;
        while (i < count && PyUnicode_CompareWithASCIIString(name, names[i]) != 0) {
            i++;
        }
        if (i == count || given[i] != NULL) {
            PyErr_Format(PyExc_TypeError, "%s() got %s argument '%U'", function,
                         i == count ? "an unexpected" : "twice the", name);
            return -1;
        }
        given[i] = args[nargs + k];
    }
    for (int i = 0; i < count; i++) {
        if (given[i] == NULL) {
            continue;
        }
        if (!PyLong_Check(given[i])) {
            PyErr_Format(PyExc_TypeError, "%s() expected an int as %s", function, names[i]);
            return -1;
        }
        int overflow;
        long long v = PyLong_AsLongLongAndOverflow(given[i], &overflow);
        bool depth = values[i] == values[count - 1]; /* the last of each */
        if ((v < 0 && overflow <= 0) || (depth && (v < 1 || v > (long long)ENC_MAX_DEPTH || overflow > 0))) {
            PyErr_Format(PyExc_ValueError,
                         depth ? "%s() expected 1 to %u as %s" : "%s() expected %u or more as %s", function,
                         depth ? ENC_MAX_DEPTH : 0u, names[i]);
            return -1;
        }
        *values[i] = overflow > 0 ? SIZE_MAX : (size_t)v;
    }
    return 0;
}

PyObject *
enc_py_encode(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    size_t max_size = ENC_DEFAULT_SIZE, max_depth = ENC_DEFAULT_DEPTH;
    if (parse_args("encode", args, nargs, kwnames, 2, (const char *const[]){"max_size", "max_depth"},
                   (size_t *const[]){&max_size, &max_depth}) < 0) {
        return NULL;
    }
    PyObject *ext = Py_XNewRef(enc_codec_ext_encode(module)), *result = NULL;
    enc_encode_opts opts = {.max_size = max_size, .max_depth = (unsigned)max_depth, .ext_encode = ext};
    enc_buffer buffer = {NULL, 0, 0};
    const char *why;
    char msg[ENC_MSG_SIZE];
    if (enc_encode(args[0], &opts, &buffer, &why, msg) == 0) {
        result = PyBytes_FromStringAndSize((const char *)buffer.data, (Py_ssize_t)buffer.len);
    }
    else if (strcmp(why, "error") != 0) {
        enc_codec_raise_encode(module, why, msg);
    }
    enc_buffer_free(&buffer);
    Py_XDECREF(ext);
    return result;
}

PyObject *
enc_py_decode(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    size_t max_depth = ENC_DEFAULT_DEPTH;
    if (parse_args("decode", args, nargs, kwnames, 1, (const char *const[]){"max_depth"},
                   (size_t *const[]){&max_depth}) < 0) {
        return NULL;
    }
    if (!PyBytes_Check(args[0])) {
        return PyErr_Format(PyExc_TypeError, "decode() expected bytes, got %.100s",
                            Py_TYPE(args[0])->tp_name);
    }
    PyObject *ext = Py_XNewRef(enc_codec_ext_decode(module));
    enc_decode_opts opts = {.max_depth = (unsigned)max_depth, .ext_decode = ext};
    char msg[ENC_MSG_SIZE];
    PyObject *value = enc_decode((const unsigned char *)PyBytes_AS_STRING(args[0]),
                                 (size_t)PyBytes_GET_SIZE(args[0]), &opts, msg);
    if (value == NULL && msg[0] != '\0') {
        enc_codec_raise_decode(module, msg);
    }
    Py_XDECREF(ext);
    return value;
}

/* A copy of a table of hooks, each entry looked at; None for None. */
static PyObject *
checked_table(PyObject *table, bool encode)
{
    if (table == Py_None) {
        return Py_NewRef(Py_None);
    }
    if (!PyDict_Check(table)) {
        return PyErr_Format(PyExc_TypeError, "set_ext() expected dicts or None, got %.100s",
                            Py_TYPE(table)->tp_name);
    }
    PyObject *copy = PyDict_Copy(table), *key, *value;
    if (copy == NULL) {
        return NULL;
    }
    for (Py_ssize_t pos = 0; PyDict_Next(copy, &pos, &key, &value);) {
        int overflow = 0;
        long tag = !encode && PyLong_CheckExact(key) ? PyLong_AsLongAndOverflow(key, &overflow) : -1;
        bool good = encode ? PyType_Check(key) : tag >= 0 && tag <= ENC_MAX_EXT_TAG;
        if (!good || !PyCallable_Check(value)) {
            Py_DECREF(copy);
            return PyErr_Format(PyExc_TypeError, "set_ext() expected %s as keys and callables as values",
                                encode ? "types" : "tags from 0 to 65535");
        }
    }
    return copy;
}

int
enc_codec_set_ext(PyObject *module, PyObject *encode_table, PyObject *decode_table)
{
    PyObject *encode = checked_table(encode_table, true);
    PyObject *decode = encode != NULL ? checked_table(decode_table, false) : NULL;
    PyObject *dict = PyModule_GetDict(module);
    int rc = -1;
    if (decode != NULL && dict != NULL && PyDict_SetItemString(dict, NAME_EXT_ENCODE, encode) == 0) {
        rc = PyDict_SetItemString(dict, NAME_EXT_DECODE, decode);
    }
    Py_XDECREF(encode);
    Py_XDECREF(decode);
    return rc;
}

PyObject *
enc_py_set_ext(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 2) {
        return PyErr_Format(PyExc_TypeError, "set_ext() takes 2 arguments, got %zd", nargs);
    }
    return enc_codec_set_ext(module, args[0], args[1]) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef codec_methods[] = {
    {"encode", (PyCFunction)(void (*)(void))enc_py_encode, METH_FASTCALL | METH_KEYWORDS,
     "encode($module, value, /, max_size=16777216, max_depth=200)\n--\n\n"
     "The bytes of a value.  EncodeError if it cannot cross; what a hook raises is passed on."},
    {"decode", (PyCFunction)(void (*)(void))enc_py_decode, METH_FASTCALL | METH_KEYWORDS,
     "decode($module, data, /, max_depth=200)\n--\n\n"
     "The value that encode() made bytes of.  DecodeError for any other bytes."},
    {"set_ext", (PyCFunction)(void (*)(void))enc_py_set_ext, METH_FASTCALL,
     "set_ext($module, encode_table, decode_table, /)\n--\n\n"
     "The hooks of encode() and decode(): exact type -> callable(value) -> (tag, plain value) or a str that "
     "says\n"
     "why not, and tag -> callable(plain value) -> value.  None for none."},
    {NULL, NULL, 0, NULL},
};

static int
add_exception(PyObject *module, const char *name, const char *full_name, const char *doc, PyObject *dict)
{
    PyObject *type = PyErr_NewExceptionWithDoc(full_name, doc, PyExc_ValueError, dict);
    int rc = type == NULL ? -1 : PyModule_AddObjectRef(module, name, type);
    Py_XDECREF(type);
    return rc;
}

int
enc_codec_init_module(PyObject *module)
{
    PyObject *dict = Py_BuildValue("{ss}", "reason", "");
    int rc = dict == NULL
                 ? -1
                 : add_exception(
                       module, "EncodeError", "enclave_subinterp._native.EncodeError",
                       "A value cannot cross; reason is \"type\", \"depth\", \"size\" or \"cycle\".", dict);
    Py_XDECREF(dict);
    if (rc < 0 ||
        add_exception(module, "DecodeError", "enclave_subinterp._native.DecodeError",
                      "Bytes that are not a value of the codec.", NULL) < 0 ||
        PyModule_AddFunctions(module, codec_methods) < 0) {
        return -1;
    }
    return enc_codec_set_ext(module, Py_None, Py_None);
}
