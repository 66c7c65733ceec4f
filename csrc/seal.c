/* Types as guests see them: what leads from a script into the runtime that carries it is gone.

   The dictionaries of the static types are per interpreter (PEP 684), so an entry that is exchanged for a guest stays as
   it is for the host and for its neighbours; the new ones are in the range.  Reading one costs what it did before.

     function    __globals__, __closure__, __builtins__: only those of the script's own functions
     frame       f_globals, f_builtins and f_locals are empty; f_back ends before the runtime's frames
     generator, coroutine, asynchronous generator   no frame and no code
     type        __subclasses__() of static types lists nothing: what a script has not made or imported it does not find

   What a script can reach otherwise is its own: what could do harm is not in the interpreter (library.c), or refused
   (policy.c, sandbox_linux.c). */

#include "core.h"

#include <string.h>

static PyObject *
script_globals(void)
{
    return enc_current_slot->tables->script_globals;
}

static PyObject *
of_function(PyObject *self, PyObject *value, const char *name)
{
    if (PyFunction_GET_GLOBALS(self) != script_globals()) {
        PyErr_Format(PyExc_AttributeError, "'function' object has no attribute '%s'", name);
        return NULL;
    }
    return Py_NewRef(value != NULL ? value : Py_None);
}

static PyObject *
function_globals(PyObject *self, void *Py_UNUSED(closure))
{
    return of_function(self, PyFunction_GET_GLOBALS(self), "__globals__");
}

static PyObject *
function_closure(PyObject *self, void *Py_UNUSED(closure))
{
    return of_function(self, PyFunction_GET_CLOSURE(self), "__closure__");
}

static PyObject *
function_builtins(PyObject *self, void *Py_UNUSED(closure))
{
    return of_function(self, ((PyFunctionObject *)self)->func_builtins, "__builtins__");
}

static PyObject *
frame_back(PyObject *self, void *Py_UNUSED(closure))
{
    PyFrameObject *back = PyFrame_GetBack((PyFrameObject *)self);
    PyObject *globals = back != NULL ? PyFrame_GetGlobals(back) : NULL;
    if (globals == enc_current_slot->tables->runtime_globals) {
        Py_CLEAR(back);
    }
    Py_XDECREF(globals);
    return back != NULL ? (PyObject *)back : Py_NewRef(Py_None);
}

static PyObject *
frame_nothing(PyObject *Py_UNUSED(self), void *Py_UNUSED(closure))
{
    return PyDict_New();
}

static PyGetSetDef function_getters[] = {
    {"__globals__", function_globals, NULL, NULL, "__globals__"},
    {"__closure__", function_closure, NULL, NULL, "__closure__"},
    {"__builtins__", function_builtins, NULL, NULL, "__builtins__"},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyGetSetDef frame_getters[] = {
    {"f_back", frame_back, NULL, NULL, NULL},
    {"f_globals", frame_nothing, NULL, NULL, NULL},
    {"f_builtins", frame_nothing, NULL, NULL, NULL},
    {"f_locals", frame_nothing, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef subclasses_def;
static PyObject *(*subclasses)(PyObject *, PyObject *); /* type.__subclasses__ itself */

static PyObject *
type_subclasses(PyObject *self, PyObject *unused)
{
    return PyType_HasFeature((PyTypeObject *)self, Py_TPFLAGS_HEAPTYPE) ? subclasses(self, unused)
                                                                        : PyList_New(0);
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

static int
take_away(PyTypeObject *type, const char *const *names)
{
    PyObject *dict = PyType_GetDict(type);
    for (; dict != NULL && *names != NULL; names++) {
        if (PyDict_DelItemString(dict, *names) < 0) {
            PyErr_Clear(); /* not in this version */
        }
    }
    Py_XDECREF(dict);
    return dict != NULL ? 0 : -1;
}

/* In the slot's interpreter, at the end of its warm-up. */
int
enc_seal_types(void)
{
    static const char *const of_generators[] = {"gi_frame", "gi_code", NULL};
    static const char *const of_coroutines[] = {"cr_frame", "cr_code", NULL};
    static const char *const of_async_generators[] = {"ag_frame", "ag_code", NULL};
    if (ENC_WITHOUT(ENC_PART_TYPES)) {
        return 0;
    }
    if (exchange_getters(&PyFunction_Type, function_getters) < 0 ||
        exchange_getters(&PyFrame_Type, frame_getters) < 0 || take_away(&PyGen_Type, of_generators) < 0 ||
        take_away(&PyCoro_Type, of_coroutines) < 0 || take_away(&PyAsyncGen_Type, of_async_generators) < 0 ||
        exchange(&PyType_Type, "__subclasses__", PyDescr_NewMethod(&PyType_Type, &subclasses_def)) < 0) {
        return -1;
    }
    PyType_ClearCache();
    return 0;
}
