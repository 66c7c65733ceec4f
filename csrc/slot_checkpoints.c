/* `_native.Slot.checkpoint()`, `restore()` and `forget()`: errands of the slot's thread, for which the caller waits. */

#include "core.h"
#include "host.h"

static PyObject *
do_errand(PyObject *op, int errand, unsigned long long mark)
{
    const char *why;
    uint64_t made;
    Py_BEGIN_ALLOW_THREADS
    made = enc_slot_errand(((SlotObject *)op)->slot, errand, mark, &why);
    Py_END_ALLOW_THREADS
    if (why != NULL) {
        PyErr_SetString(enc_native_error, why);
        return NULL;
    }
    if (errand != ENC_ERRAND_CHECKPOINT) {
        Py_RETURN_NONE;
    }
    PyObject *id = PyLong_FromUnsignedLongLong(made);
    if (id == NULL) {
        enc_slot_errand(((SlotObject *)op)->slot, ENC_ERRAND_FORGET, made, &why); /* nobody could */
    }
    return id;
}

PyObject *
enc_object_checkpoint(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    return do_errand(op, ENC_ERRAND_CHECKPOINT, 0);
}

PyObject *
enc_object_restore(PyObject *op, PyObject *args)
{
    unsigned long long mark;
    return PyArg_ParseTuple(args, "K", &mark) ? do_errand(op, ENC_ERRAND_RESTORE, mark) : NULL;
}

PyObject *
enc_object_forget(PyObject *op, PyObject *args)
{
    unsigned long long mark;
    return PyArg_ParseTuple(args, "K", &mark) ? do_errand(op, ENC_ERRAND_FORGET, mark) : NULL;
}
