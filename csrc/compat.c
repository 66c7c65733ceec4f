/* What the differences between versions need beyond an inline function. */

#include "compat.h"

#include <stdlib.h>
#include <string.h>

#if COMPAT_SHARED_KEYWORDS

/* A copy of a str or tuple that belongs to no interpreter: immortal, untracked, in libc's memory. */
static PyObject *
immortal_copy(const void *object, size_t size, bool gc)
{
    size_t head = gc ? sizeof(PyGC_Head) : 0;
    char *memory = calloc(1, head + size);
    if (memory == NULL) {
        return NULL;
    }
    memcpy(memory + head, object, size);
    PyObject *copy = (PyObject *)(memory + head);
    copy->ob_refcnt = _Py_IMMORTAL_REFCNT;
    return copy;
}

static PyObject *
copy_keywords(PyObject *names)
{
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    PyObject *copy = immortal_copy(names, sizeof(PyTupleObject) + (size_t)count * sizeof(PyObject *), true);
    for (Py_ssize_t i = 0; copy != NULL && i < count; i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        PyASCIIObject *ascii = (PyASCIIObject *)name;
        if (!ascii->state.compact || !ascii->state.ascii) {
            return NULL; /* a keyword is an ASCII identifier; leave what is not */
        }
        PyObject *own = immortal_copy(name, sizeof(PyASCIIObject) + (size_t)ascii->length + 1, false);
        if (own == NULL) {
            return NULL;
        }
        ((PyASCIIObject *)own)->state.interned = 0;
        PyTuple_SET_ITEM(copy, i, own);
    }
    return copy;
}

void
compat_detach_keywords(uintptr_t lo, uintptr_t hi, void **seen)
{
    struct _PyArg_Parser *head = __atomic_load_n(&_PyRuntime.getargs.static_parsers, __ATOMIC_ACQUIRE);
    for (struct _PyArg_Parser *parser = head; parser != NULL && parser != *seen; parser = parser->next) {
        PyObject *names = parser->kwtuple;
        if ((uintptr_t)names >= lo && (uintptr_t)names < hi) {
            PyObject *copy = copy_keywords(names);
            if (copy != NULL) {
                __atomic_store_n(&parser->kwtuple, copy, __ATOMIC_RELEASE);
            }
        }
    }
    *seen = head;
}

#else

void
compat_detach_keywords(uintptr_t lo, uintptr_t hi, void **seen)
{
    (void)lo;
    (void)hi;
    (void)seen;
}

#endif
