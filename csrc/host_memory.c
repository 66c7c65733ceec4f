/* Memory that a run has left to the host, or the host has encoded for one, without another copy.

   A buffer that whoever unpickles may keep and write; it goes with its last user. */

#include "host_memory.h"

static PyTypeObject *memory_type;

typedef struct {
    PyObject_HEAD
    enc_buffer memory;
} MemoryObject;

static int
memory_getbuffer(PyObject *op, Py_buffer *view, int flags)
{
    enc_buffer *memory = &((MemoryObject *)op)->memory;
    return PyBuffer_FillInfo(view, op, memory->data, (Py_ssize_t)memory->len, 0, flags);
}

static void
memory_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    enc_buffer_free(&((MemoryObject *)op)->memory);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyType_Slot memory_slots[] = {
    {Py_bf_getbuffer, memory_getbuffer},
    {Py_tp_dealloc, memory_dealloc},
    {0, NULL},
};

static PyType_Spec memory_spec = {
    .name = "enclave_subinterp._native.Memory",
    .basicsize = sizeof(MemoryObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = memory_slots,
};

int
enc_host_memory_init(void)
{
    if (memory_type == NULL) {
        memory_type = (PyTypeObject *)PyType_FromSpec(&memory_spec);
    }
    return memory_type != NULL ? 0 : -1;
}

PyObject *
enc_host_memory_new(void)
{
    return memory_type->tp_alloc(memory_type, 0);
}

bool
enc_host_memory_look(PyObject *one, const void **data, size_t *len)
{
    if (!Py_IS_TYPE(one, memory_type)) {
        return false;
    }
    *data = ((MemoryObject *)one)->memory.data;
    *len = ((MemoryObject *)one)->memory.len;
    return true;
}

void
enc_host_memory_own(PyObject *one, enc_buffer *buffer)
{
    ((MemoryObject *)one)->memory = *buffer;
    *buffer = (enc_buffer){0};
}

PyObject *
enc_host_memory(size_t count)
{
    PyObject *all = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; all != NULL && i < count; i++) {
        PyObject *one = enc_host_memory_new();
        if (one == NULL) {
            Py_CLEAR(all);
            break;
        }
        PyTuple_SET_ITEM(all, (Py_ssize_t)i, one);
    }
    return all;
}

void
enc_host_memory_give(PyObject *all, enc_buffer *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enc_host_memory_own(PyTuple_GET_ITEM(all, (Py_ssize_t)i), &parts[i]);
    }
}
