/* sys._current_frames() and sys._current_exceptions(): of the threads of the interpreter that asks.

   CPython's go through the threads of all interpreters.  The frame object that they make for a frame of another one comes
   from the asker's allocator and is freed by the other's, and both count references to it at once: a host that samples its
   stacks (a profiler, a watchdog of a test) would break its slots and itself, and a task the host.

   The functions are exchanged in CPython's static table of sys's functions, from which every interpreter has its own, so
   those that somebody has already taken out of the module are exchanged too. */

#include "core.h"

#include <string.h>

typedef PyObject *(*of_thread)(
    PyThreadState *tstate); /* a new reference; NULL: it has none, or an exception is set */

static PyObject *
frame_of(PyThreadState *tstate)
{
    return (PyObject *)PyThreadState_GetFrame(tstate);
}

static PyObject *
exception_of(PyThreadState *tstate)
{
    const _PyErr_StackItem *item = tstate->exc_info;
    if (item == NULL) {
        return NULL;
    }
    while ((item->exc_value == NULL || item->exc_value == Py_None) && item->previous_item != NULL) {
        item = item->previous_item;
    }
    return Py_NewRef(item->exc_value != NULL ? item->exc_value : Py_None);
}

static int
add(PyObject *found, PyThreadState *tstate, PyObject *thing)
{
    PyObject *id = PyLong_FromUnsignedLong(tstate->thread_id);
    int rc = id != NULL ? PyDict_SetItem(found, id, thing) : -1;
    Py_XDECREF(id);
    return rc;
}

static PyObject *
of_threads(const char *event, of_thread get)
{
    PyObject *found = PySys_Audit(event, NULL) == 0 ? PyDict_New() : NULL;
    if (found == NULL) {
        return NULL;
    }
    PyInterpreterState *interp = PyInterpreterState_Get();
    int rc = 0;
    /* A state that a slot's thread makes to be here for a moment comes and goes without the GIL, and is not one of ours. */
    bool slot = enc_region_contains(interp);
    compat_lock_acquire_attached(COMPAT_HEAD_LOCK);
    for (PyThreadState *tstate = interp->threads.head; tstate != NULL && rc == 0; tstate = tstate->next) {
        PyObject *thing = enc_region_contains(tstate) == slot ? get(tstate) : NULL;
        rc = thing != NULL ? add(found, tstate, thing) : PyErr_Occurred() ? -1 : 0;
        Py_XDECREF(thing); /* another reference is in the thread, or in `found` */
    }
    compat_lock_release(COMPAT_HEAD_LOCK);
    if (rc < 0) {
        Py_CLEAR(found);
    }
    return found;
}

static PyObject *
current_frames(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return of_threads("sys._current_frames", frame_of);
}

static PyObject *
current_exceptions(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return of_threads("sys._current_exceptions", exception_of);
}

static const struct {
    const char *name;
    PyCFunction function;
} exchanged[] = {
    {"_current_frames", current_frames},
    {"_current_exceptions", current_exceptions},
};

int
enc_frames_init(void)
{
    PyObject *sys = PyImport_ImportModule("sys");
    const PyModuleDef *def = sys != NULL ? PyModule_GetDef(sys) : NULL;
    Py_XDECREF(sys);
    for (size_t i = 0; def != NULL && i < sizeof(exchanged) / sizeof(*exchanged); i++) {
        PyMethodDef *method = def->m_methods;
        while (method != NULL && method->ml_name != NULL && strcmp(method->ml_name, exchanged[i].name) != 0) {
            method++;
        }
        if (method == NULL || method->ml_name == NULL || method->ml_flags != METH_NOARGS) {
            def = NULL;
        }
        else {
            method->ml_meth = exchanged[i].function;
        }
    }
    if (def == NULL && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_ImportError, "the functions of sys are not where they are expected");
    }
    return def != NULL ? 0 : -1;
}
