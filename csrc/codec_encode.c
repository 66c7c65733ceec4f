/* Values to bytes; the format and its rules are in codec_format.h. */

#include "codec_encode.h"

static int encode_value(encoder *e, PyObject *value, int where);

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
        enc_fail_size(e);
        return NULL;
    }
    if (n > b->cap - b->len && !enc_buffer_grow(b, n, e->limit)) {
        PyErr_NoMemory();
        enc_fail_error(e);
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
        return enc_fail_size(e);
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
        return enc_fail_size(e);
    }
    size_t n = bits / 8 + 1;
    if (n > room(e)) { /* before it is made */
        return enc_fail_size(e);
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
        return enc_fail_error(e);
    }
    if (!PyBytes_CheckExact(bytes) || (size_t)PyBytes_GET_SIZE(bytes) != n) {
        Py_DECREF(bytes);
        PyErr_SetString(PyExc_SystemError, "int.to_bytes() gave something else");
        return enc_fail_error(e);
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
        return enc_fail_size(e);
    }
    size_t n = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c >= 0xd800 && c <= 0xdfff) {
            return enc_fail_type(e, "text without lone surrogates", value);
        }
        n += 1 + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000);
    }
    if (n > room(e)) {
        return enc_fail_size(e);
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
        return enc_fail_type(e, "a memoryview that is C-contiguous and not released", value);
    }
    int rc = put_block(e, TAG_BYTES, view.buf, (size_t)view.len);
    PyBuffer_Release(&view);
    return rc;
}

/* The head of a container of count times per values; f becomes the innermost frame. */
APART static int
enter(encoder *e, frame *f, PyObject *container, int tag, Py_ssize_t count, size_t per)
{
    if (e->depth >= e->max_depth) {
        return enc_fail_depth(e, container);
    }
    int width = tag == TAG_SET || tag == TAG_FROZENSET ? 8 : 4;
    unsigned char *p = reserve(e, 1 + (size_t)width);
    if (p == NULL) {
        return -1;
    }
    size_t left = room(e) - (1 + (size_t)width);
    if ((size_t)count > left / per || (width == 4 && (size_t)count > UINT32_MAX)) {
        return enc_fail_size(e);
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
        return enc_fail_type(e, "a hashable key", list);
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
    return leave(e, &f, PyList_GET_SIZE(list) == n ? 0 : enc_fail_changed(e, list));
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
        return enc_fail_type(e, "a hashable key", dict);
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
    return leave(e, &f, i == n && PyDict_GET_SIZE(dict) == n ? 0 : enc_fail_changed(e, dict));
}

/* Through the iterator of set itself, whatever the class: it runs no code of a subclass, holds the set,
   notices changes, and is public on every version (the function that walks the entries is not). */
APART static int
encode_set(encoder *e, PyObject *set, int where)
{
    int tag = PySet_Check(set) ? TAG_SET : TAG_FROZENSET;
    if (tag == TAG_SET && (where & IN_KEY)) {
        return enc_fail_type(e, "a hashable key", set);
    }
    frame f = {.at = AT_ELEMENT};
    Py_ssize_t n = PySet_GET_SIZE(set);
    if (enter(e, &f, set, tag, n, 1) < 0) {
        return -1;
    }
    PyObject *iterator = PySet_Type.tp_iter(set);
    if (iterator == NULL) {
        return leave(e, &f, enc_fail_error(e));
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
        rc = enc_fail_changed(e, set);
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
        return enc_fail(e, "type", text);
    }
    long tag = -1;
    if (PyTuple_CheckExact(result) && PyTuple_GET_SIZE(result) == 2 &&
        PyLong_CheckExact(PyTuple_GET_ITEM(result, 0))) {
        int overflow;
        tag = PyLong_AsLongAndOverflow(PyTuple_GET_ITEM(result, 0), &overflow);
    }
    if (tag < 0 || tag > ENC_MAX_EXT_TAG) {
        PyErr_SetString(PyExc_TypeError, "a hook of the encoder must return (tag, plain value) or a str");
        return enc_fail_error(e);
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
        return enc_fail_error(e);
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
    return enc_fail_type(e, "a value that can cross", value);
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
