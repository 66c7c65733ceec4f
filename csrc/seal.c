/* Types as guests see them: what leads from a script into the runtime that carries it is gone.

   The dictionaries of the static types are per interpreter (PEP 684), so an entry that is exchanged for a guest stays as
   it is for the host and for its neighbours; the new ones are in the range.  Reading one costs what it did before.

     function    __globals__, __closure__, __builtins__: not those of the runtime's functions
     frame       f_back ends before the runtime's frames; f_globals, f_locals, f_builtins of such a frame are empty
     type        __subclasses__() of static types lists nothing: what a script has not made or imported it does not find

   What a script can reach otherwise, a module's globals say, is its own: nothing in the interpreter is worth hiding, for
   what could do harm is not in it (library.c, policy.c) or does nothing (sandbox_linux.c). */

#include "core.h"

#include <string.h>

static bool
is_runtime(PyObject *globals)
{
    const enc_slot *slot = enc_current_slot;
    return slot != NULL && slot->guarded && globals == slot->tables->runtime_globals;
}

static PyObject *
hidden(const char *name)
{
    PyErr_Format(PyExc_AttributeError, "'function' object has no attribute '%s'", name);
    return NULL;
}

static PyObject *
or_none(PyObject *value)
{
    return Py_NewRef(value != NULL ? value : Py_None);
}

static PyObject *
function_globals(PyObject *self, void *name)
{
    PyObject *globals = PyFunction_GET_GLOBALS(self);
    return is_runtime(globals) ? hidden(name) : or_none(globals);
}

static PyObject *
function_closure(PyObject *self, void *name)
{
    return is_runtime(PyFunction_GET_GLOBALS(self)) ? hidden(name) : or_none(PyFunction_GET_CLOSURE(self));
}

static PyObject *
function_builtins(PyObject *self, void *name)
{
    return is_runtime(PyFunction_GET_GLOBALS(self)) ? hidden(name)
                                                    : or_none(((PyFunctionObject *)self)->func_builtins);
}

static bool
is_runtime_frame(PyFrameObject *frame)
{
    PyObject *globals = PyFrame_GetGlobals(frame);
    Py_XDECREF(globals);
    return is_runtime(globals);
}

static PyObject *
frame_back(PyObject *self, void *Py_UNUSED(closure))
{
    PyFrameObject *back = PyFrame_GetBack((PyFrameObject *)self);
    if (back != NULL && is_runtime_frame(back)) {
        Py_CLEAR(back);
    }
    return back != NULL ? (PyObject *)back : Py_NewRef(Py_None);
}

static PyObject *
frame_globals(PyObject *self, void *Py_UNUSED(closure))
{
    PyFrameObject *frame = (PyFrameObject *)self;
    return is_runtime_frame(frame) ? PyDict_New() : PyFrame_GetGlobals(frame);
}

static PyObject *
frame_builtins(PyObject *self, void *Py_UNUSED(closure))
{
    PyFrameObject *frame = (PyFrameObject *)self;
    return is_runtime_frame(frame) ? PyDict_New() : PyFrame_GetBuiltins(frame);
}

static PyObject *
frame_locals(PyObject *self, void *Py_UNUSED(closure))
{
    PyFrameObject *frame = (PyFrameObject *)self;
    return is_runtime_frame(frame) ? PyDict_New() : PyFrame_GetLocals(frame);
}

static PyGetSetDef function_getters[] = {
    {"__globals__", function_globals, NULL, NULL, "__globals__"},
    {"__closure__", function_closure, NULL, NULL, "__closure__"},
    {"__builtins__", function_builtins, NULL, NULL, "__builtins__"},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyGetSetDef frame_getters[] = {
    {"f_back", frame_back, NULL, NULL, NULL},
    {"f_globals", frame_globals, NULL, NULL, NULL},
    {"f_builtins", frame_builtins, NULL, NULL, NULL},
    {"f_locals", frame_locals, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef subclasses_def;
static PyObject *(*subclasses)(PyObject *, PyObject *); /* type.__subclasses__ itself */

static PyObject *
type_subclasses(PyObject *self, PyObject *unused)
{
    return PyType_HasFeature((PyTypeObject *)self, Py_TPFLAGS_HEAPTYPE) ? subclasses(self, unused) : PyList_New(0);
}

static int
exchange(PyTypeObject *type, const char *name, PyObject *descriptor)
{
    PyObject *dict = descriptor != NULL ? PyType_GetDict(type) : NULL;
    int rc = dict != NULL ? PyDict_SetItemString(dict, name, descriptor) : -1;
    Py_XDECREF(dict);
    Py_XDECREF(descriptor);
    return rc;
}

static int
exchange_getters(PyTypeObject *type, PyGetSetDef *getters)
{
    for (PyGetSetDef *g = getters; g->name != NULL; g++) {
        if (exchange(type, g->name, PyDescr_NewGetSet(type, g)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Once, in the main interpreter. */
int
enc_seal_init(void)
{
    for (PyMethodDef *m = PyType_Type.tp_methods; m->ml_name != NULL; m++) {
        if (strcmp(m->ml_name, "__subclasses__") == 0) {
            subclasses = m->ml_meth;
            subclasses_def = *m;
            subclasses_def.ml_meth = type_subclasses;
            return 0;
        }
    }
    PyErr_SetString(PyExc_ImportError, "type.__subclasses__ is not to be found");
    return -1;
}

/* In the slot's interpreter, at the end of its warm-up. */
int
enc_seal_types(void)
{
    if (exchange_getters(&PyFunction_Type, function_getters) < 0 ||
        exchange_getters(&PyFrame_Type, frame_getters) < 0 ||
        exchange(&PyType_Type, "__subclasses__", PyDescr_NewMethod(&PyType_Type, &subclasses_def)) < 0) {
        return -1;
    }
    PyType_ClearCache();
    return 0;
}
