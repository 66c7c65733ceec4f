/* What the differences between versions need beyond an inline function. */

#include "compat.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if PY_VERSION_HEX < 0x030D0000

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
    PyObject *copy =
        immortal_copy(names, offsetof(PyTupleObject, ob_item) + (size_t)count * sizeof(PyObject *), true);
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
    if (!COMPAT_SHARED_KEYWORDS) {
        return;
    }
    struct _PyArg_Parser *head = __atomic_load_n(&COMPAT_MOVED(getargs.static_parsers), __ATOMIC_ACQUIRE);
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

#if PY_VERSION_HEX < 0x030D0000

#include <setjmp.h>

static __thread jmp_buf *leaving; /* where a creation on this thread is left to */

/* The first import from C, with no Python code below, that asks for `io` is that of init_sys_streams(). */
static int
on_audit(const char *event, PyObject *args, void *Py_UNUSED(data))
{
    if (leaving != NULL && strcmp(event, "import") == 0 && PyEval_GetFrame() == NULL &&
        PyTuple_GET_SIZE(args) > 0 && PyUnicode_Check(PyTuple_GET_ITEM(args, 0)) &&
        PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(args, 0), "io") == 0) {
        longjmp(*leaving, 1);
    }
    return 0;
}

int
compat_creation_init(void)
{
    return PySys_AddAuditHook(on_audit, NULL);
}

/* The rest of init_interp_main(): streams (none: a slot has its own), open() and __main__. */
static int
finish_creation(PyThreadState *tstate)
{
    tstate->c_recursion_remaining = C_RECURSION_LIMIT; /* the frames that were left had counted themselves */
    static const char *const streams[] = {"stdin", "stdout", "stderr"};
    for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++) {
        char original[16];
        snprintf(original, sizeof(original), "__%s__", streams[i]);
        if (PySys_SetObject(streams[i], Py_None) < 0 || PySys_SetObject(original, Py_None) < 0) {
            return -1;
        }
    }
    PyObject *builtins = PyImport_ImportModule("builtins");
    PyObject *io = PyImport_ImportModule("io");
    PyObject *open = io != NULL ? PyObject_GetAttrString(io, "open") : NULL;
    PyObject *loaders = PyImport_ImportModule("_frozen_importlib");
    PyObject *loader = loaders != NULL ? PyObject_GetAttrString(loaders, "BuiltinImporter") : NULL;
    PyObject *main_module = PyImport_AddModule("__main__"); /* borrowed */
    PyObject *names = main_module != NULL ? PyModule_GetDict(main_module) : NULL;
    PyObject *annotations = PyDict_New();
    int rc = builtins != NULL && open != NULL && loader != NULL && names != NULL && annotations != NULL &&
                     PyObject_SetAttrString(builtins, "open", open) == 0 &&
                     PyDict_SetItemString(names, "__annotations__", annotations) == 0 &&
                     PyDict_SetItemString(names, "__builtins__", builtins) == 0 &&
                     PyDict_SetItemString(names, "__loader__", loader) == 0
                 ? 0
                 : -1;
    Py_XDECREF(builtins);
    Py_XDECREF(io);
    Py_XDECREF(open);
    Py_XDECREF(loaders);
    Py_XDECREF(loader);
    Py_XDECREF(annotations);
    return rc;
}

PyStatus
compat_new_interpreter(PyThreadState **tstate, const PyInterpreterConfig *config)
{
    jmp_buf landing;
    if (setjmp(landing) == 0) {
        leaving = &landing;
        PyStatus status = Py_NewInterpreterFromConfig(tstate, config);
        leaving = NULL;
        /* It ends by itself only where it fails, before the streams. */
        return PyStatus_Exception(status) ? status
                                          : PyStatus_Error("the creation was not left before its streams");
    }
    leaving = NULL;
    *tstate = compat_tstate();
    if (finish_creation(*tstate) < 0) {
        PyErr_Clear();
        return PyStatus_Error("the interpreter's __main__ could not be made");
    }
    return PyStatus_Ok();
}

#else

int
compat_creation_init(void)
{
    return 0;
}

PyStatus
compat_new_interpreter(PyThreadState **tstate, const PyInterpreterConfig *config)
{
    return Py_NewInterpreterFromConfig(tstate, config);
}

#endif
