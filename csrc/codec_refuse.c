/* Why a value cannot be encoded: the words, and the path to the place. */

#include "codec_encode.h"

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

int
enc_fail(encoder *e, const char *why, const char *text)
{
    char path[128];
    path_text(e, path, sizeof path);
    *e->why = why;
    snprintf(e->msg, ENC_MSG_SIZE, "%.120s - at `%s`", text, path);
    return -1;
}

int
enc_fail_type(encoder *e, const char *expected, PyObject *value)
{
    char name[48], text[121];
    plain_text(name, sizeof name, Py_TYPE(value)->tp_name);
    snprintf(text, sizeof text, "Expected %s, got `%s`", expected, name);
    return enc_fail(e, "type", text);
}

int
enc_fail_size(encoder *e)
{
    char text[80];
    snprintf(text, sizeof text, "Expected a value of at most %zu bytes, got a larger one", e->max_size);
    return enc_fail(e, "size", text);
}

int
enc_fail_error(encoder *e)
{
    *e->why = "error";
    snprintf(e->msg, ENC_MSG_SIZE, "An exception was raised while a value was encoded");
    return -1;
}

int
enc_fail_changed(encoder *e, PyObject *container)
{
    PyErr_Format(PyExc_RuntimeError, "a %.100s changed its size while it was encoded",
                 Py_TYPE(container)->tp_name);
    return enc_fail_error(e);
}

int
enc_fail_depth(encoder *e, PyObject *container)
{
    char text[121], name[40];
    for (const frame *f = e->top; f != NULL; f = f->up) {
        if (f->container == container) {
            plain_text(name, sizeof name, Py_TYPE(container)->tp_name);
            snprintf(text, sizeof text, "Expected a value without cycles, got a `%s` that contains itself",
                     name);
            return enc_fail(e, "cycle", text);
        }
    }
    snprintf(text, sizeof text, "Expected at most %u containers inside each other, got more", e->max_depth);
    return enc_fail(e, "depth", text);
}
