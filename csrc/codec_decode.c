/* Bytes to values; the format and its rules are in codec_format.h. */

#include "codec_format.h"

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
