/* `_native.CodeCache`; see code_cache.h. */

#include "code_cache.h"
#include "host.h"

typedef struct {
    PyObject_HEAD
    enc_code_cache *cache;
} CodeCacheObject;

static PyObject *
cache_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "", keywords)) {
        return NULL;
    }
    CodeCacheObject *self = (CodeCacheObject *)type->tp_alloc(type, 0);
    if (self != NULL && (self->cache = enc_code_cache_make()) == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void
cache_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    enc_code_cache_decref(((CodeCacheObject *)op)->cache);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *
cache_figures(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    enc_code_figures now = enc_code_cache_figures(((CodeCacheObject *)op)->cache);
    return Py_BuildValue("nnn", (Py_ssize_t)now.entries, (Py_ssize_t)now.bytes, (Py_ssize_t)now.found);
}

static PyMethodDef cache_methods[] = {
    {"figures", cache_figures, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot cache_type_slots[] = {
    {Py_tp_new, cache_new},
    {Py_tp_dealloc, cache_dealloc},
    {Py_tp_methods, cache_methods},
    {0, NULL},
};

static PyType_Spec cache_spec = {
    .name = "enclave_subinterp._native.CodeCache",
    .basicsize = sizeof(CodeCacheObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = cache_type_slots,
};

static PyTypeObject *cache_type; /* the module is made once in a process, and stays */

int
enc_code_cache_object_init(PyObject *module)
{
    cache_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &cache_spec, NULL);
    return cache_type == NULL ? -1 : PyModule_AddObjectRef(module, "CodeCache", (PyObject *)cache_type);
}

int
enc_code_cache_from(PyObject *object, enc_code_cache **cache)
{
    *cache = NULL;
    if (object == NULL || object == Py_None) {
        return 0;
    }
    if (!Py_IS_TYPE(object, cache_type)) {
        PyErr_SetString(PyExc_TypeError, "code_cache must be a CodeCache or None");
        return -1;
    }
    *cache = ((CodeCacheObject *)object)->cache;
    return 0;
}
