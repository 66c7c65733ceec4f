/* See loans.h.  The list of a slot's loans is under slot->lock. */

#include "core.h"

#include "loans.h"

#include <stdlib.h>

/* --- The host's side ------------------------------------------------------------------------------------------- */

void
enc_loan_free(enc_loan *loan)
{
    if (loan != NULL) {
        for (Py_ssize_t i = 0; i < loan->count; i++) {
            PyBuffer_Release(&loan->buffers[i]);
        }
        free(loan);
    }
}

enc_loan *
enc_loan_take(PyObject *buffers)
{
    PyObject *items = PySequence_Fast(buffers, "buffers must be a sequence");
    if (items == NULL) {
        return NULL;
    }
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    enc_loan *loan = calloc(1, sizeof(*loan) + (size_t)count * sizeof(Py_buffer));
    if (loan == NULL) {
        Py_DECREF(items);
        PyErr_NoMemory();
        return NULL;
    }
    for (; loan->count < count; loan->count++) {
        PyObject *item = PySequence_Fast_GET_ITEM(items, loan->count);
        Py_buffer *view = &loan->buffers[loan->count];
        if (PyObject_GetBuffer(item, view, PyBUF_WRITABLE) < 0) {
            PyErr_Clear();
            if (PyObject_GetBuffer(item, view, PyBUF_SIMPLE) < 0) {
                enc_loan_free(loan);
                loan = NULL;
                break;
            }
        }
    }
    Py_DECREF(items);
    return loan;
}

void
enc_loans_collect(enc_slot *slot)
{
    enc_loan *over = NULL;
    enc_mutex_lock(&slot->lock);
    bool ended = slot->state == ENC_STATE_ENDED || (slot->state == ENC_STATE_FAILED && slot->interp == NULL);
    for (enc_loan **at = &slot->loans; *at != NULL;) {
        enc_loan *loan = *at;
        if (ended || (loan != slot->lent && !loan->pinned && atomic_load(&loan->held) == 0)) {
            *at = loan->next;
            loan->next = over;
            over = loan;
        }
        else {
            at = &loan->next;
        }
    }
    enc_mutex_unlock(&slot->lock);
    while (over != NULL) { /* releasing a buffer may run anything */
        enc_loan *loan = over;
        over = loan->next;
        enc_loan_free(loan);
    }
}

/* --- The slot's thread ------------------------------------------------------------------------------------------ */

void
enc_loans_forget(enc_slot *slot)
{
    for (enc_loan *loan = slot->loans; loan != NULL; loan = loan->next) {
        if (!loan->pinned) {
            atomic_store(&loan->held, 0);
        }
    }
}

void
enc_loans_pin(enc_slot *slot)
{
    for (enc_loan *loan = slot->loans; loan != NULL; loan = loan->next) {
        loan->pinned = loan->pinned || atomic_load(&loan->held) != 0;
    }
}

/* --- The guest's side ------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    enc_loan *loan;
    Py_ssize_t index;
} LoanObject;

static int
loan_getbuffer(PyObject *op, Py_buffer *view, int flags)
{
    LoanObject *self = (LoanObject *)op;
    const Py_buffer *b = &self->loan->buffers[self->index];
    return PyBuffer_FillInfo(view, op, b->buf, b->len, b->readonly, flags);
}

static void
loan_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    atomic_fetch_sub(&((LoanObject *)op)->loan->held, 1);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyType_Slot loan_slots[] = {
    {Py_bf_getbuffer, loan_getbuffer},
    {Py_tp_dealloc, loan_dealloc},
    {0, NULL},
};

static PyType_Spec loan_spec = {
    .name = "enclave_subinterp.LentBuffer",
    .basicsize = sizeof(LoanObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = loan_slots,
};

PyObject *
enc_loan_type(void)
{
    return PyType_FromSpec(&loan_spec);
}

PyObject *
enc_loans_show(enc_slot *slot)
{
    enc_loan *loan = slot->lent;
    PyTypeObject *type = (PyTypeObject *)slot->tables->loan_type;
    PyObject *all = PyTuple_New(loan != NULL ? loan->count : 0);
    for (Py_ssize_t i = 0; all != NULL && i < PyTuple_GET_SIZE(all); i++) {
        LoanObject *one = (LoanObject *)type->tp_alloc(type, 0);
        if (one == NULL) {
            Py_CLEAR(all);
            break;
        }
        one->loan = loan;
        one->index = i;
        atomic_fetch_add(&loan->held, 1);
        PyTuple_SET_ITEM(all, i, (PyObject *)one);
    }
    return all;
}
