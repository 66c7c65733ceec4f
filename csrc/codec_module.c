/* The codec in the host's module: encode(), decode(), set_ext() and their exceptions. */

#include "codec_format.h"
#include "host_memory.h"

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

static PyObject *
encode_to(PyObject *(*finish)(enc_buffer *), PyObject *module, PyObject *const *args, Py_ssize_t nargs,
          PyObject *kwnames)
{
    size_t max_size = ENC_DEFAULT_SIZE, max_depth = ENC_DEFAULT_DEPTH;
    if (parse_args("encode", args, nargs, kwnames, 2, (const char *const[]){"max_size", "max_depth"},
                   (size_t *const[]){&max_size, &max_depth}) < 0) {
        return NULL;
    }
    PyObject *ext = Py_XNewRef(enc_codec_ext_encode(module)), *result = NULL;
    enc_encode_opts opts = {.max_size = max_size, .max_depth = (unsigned)max_depth, .ext_encode = ext};
    enc_buffer buffer = {0};
    const char *why;
    char msg[ENC_MSG_SIZE];
    if (enc_encode(args[0], &opts, &buffer, &why, msg) == 0) {
        result = finish(&buffer);
    }
    else if (strcmp(why, "error") != 0) {
        enc_codec_raise_encode(module, why, msg);
    }
    enc_buffer_free(&buffer);
    Py_XDECREF(ext);
    return result;
}

static PyObject *
to_bytes(enc_buffer *buffer)
{
    return PyBytes_FromStringAndSize((const char *)buffer->data, (Py_ssize_t)buffer->len);
}

PyObject *
enc_py_encode(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    return encode_to(to_bytes, module, args, nargs, kwnames);
}

static PyObject *
to_message(enc_buffer *buffer)
{
    if (buffer->len <= ENC_LARGE) {
        return to_bytes(buffer);
    }
    PyObject *memory = enc_host_memory_new();
    if (memory != NULL) {
        enc_host_memory_own(memory, buffer);
    }
    return memory;
}

static PyObject *
encode_message(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    return encode_to(to_message, module, args, nargs, kwnames);
}

PyObject *
enc_py_decode(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    size_t max_depth = ENC_DEFAULT_DEPTH;
    if (parse_args("decode", args, nargs, kwnames, 1, (const char *const[]){"max_depth"},
                   (size_t *const[]){&max_depth}) < 0) {
        return NULL;
    }
    const void *data;
    size_t len;
    if (PyBytes_Check(args[0])) {
        data = PyBytes_AS_STRING(args[0]);
        len = (size_t)PyBytes_GET_SIZE(args[0]);
    }
    else if (!enc_host_memory_look(args[0], &data, &len)) {
        return PyErr_Format(PyExc_TypeError, "decode() expected bytes, got %.100s",
                            Py_TYPE(args[0])->tp_name);
    }
    PyObject *ext = Py_XNewRef(enc_codec_ext_decode(module));
    enc_decode_opts opts = {.max_depth = (unsigned)max_depth, .ext_decode = ext};
    char msg[ENC_MSG_SIZE];
    PyObject *value = enc_decode(data, len, &opts, msg);
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
    {"encode_message", (PyCFunction)(void (*)(void))encode_message, METH_FASTCALL | METH_KEYWORDS,
     "encode_message($module, value, /, max_size=16777216, max_depth=200)\n--\n\n"
     "As encode(); what is large comes in a Memory, uncopied."},
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
