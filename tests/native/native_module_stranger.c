/* An extension module such as many are: its objects hold memory of libc, which a rewind of the interpreter does not see. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>
#include <string.h>

#define SIZE 256

typedef struct {
    PyObject_HEAD
    char *text;
} Holder;

static PyObject *
holder_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    const char *text;
    if (!PyArg_ParseTuple(args, "s", &text)) {
        return NULL;
    }
    Holder *self = (Holder *)type->tp_alloc(type, 0);
    if (self != NULL && (self->text = calloc(1, SIZE)) == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    if (self != NULL) {
        strncpy(self->text, text, SIZE - 1);
    }
    return (PyObject *)self;
}

static PyObject *
holder_close(PyObject *op, PyObject *Py_UNUSED(none))
{
    Holder *self = (Holder *)op;
    if (self->text != NULL) {
        memset(self->text, '?', SIZE - 1); /* what becomes of it, at once */
        free(self->text);
        self->text = NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
holder_read(PyObject *op, PyObject *Py_UNUSED(none))
{
    Holder *self = (Holder *)op;
    return self->text != NULL ? PyBytes_FromString(self->text) : PyBytes_FromString("closed");
}

static void
holder_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    free(((Holder *)op)->text);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"close", holder_close, METH_NOARGS, NULL},
    {"read", holder_read, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot type_slots[] = {
    {Py_tp_new, (void *)holder_new},
    {Py_tp_dealloc, (void *)holder_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};
static PyType_Spec spec = {"native_module_stranger.Holder", sizeof(Holder), 0, Py_TPFLAGS_DEFAULT,
                           type_slots};

static int
add_type(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&spec);
    int rc = type != NULL ? PyModule_AddObjectRef(module, "Holder", type) : -1;
    Py_XDECREF(type);
    return rc;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)add_type},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "native_module_stranger",
                                        .m_slots = slots};

PyMODINIT_FUNC
PyInit_native_module_stranger(void)
{
    return PyModuleDef_Init(&definition);
}
