/* `_native.Slot`: runs that are handed over before their turn, many at once.  See slot_ahead.c. */

#include "slot_object.h"

/* The jobs of a list of (request, timeout, memory_limit), in a list of their own; NULL with an exception set. */
static enc_ahead *
jobs_from(PyObject *list, unsigned long long fall_back)
{
    enc_ahead *jobs = NULL, **end = &jobs;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *item = PyList_GET_ITEM(list, i);
        PyObject *request;
        double timeout;
        Py_ssize_t memory_limit;
        enc_ahead *one = NULL;
        if (!PyTuple_Check(item)) {
            PyErr_SetString(PyExc_TypeError,
                            "start_ahead() takes a list of (request, timeout, memory_limit)");
        }
        else if (PyArg_ParseTuple(item, "Sdn", &request, &timeout, &memory_limit)) {
            one = enc_ahead_make(enc_next_run_id(), PyBytes_AS_STRING(request),
                                 (size_t)PyBytes_GET_SIZE(request));
            if (one == NULL) {
                PyErr_NoMemory();
            }
            else {
                one->job.timeout_ns = enc_seconds_to_ns(timeout);
                one->job.memory_limit = (size_t)memory_limit;
                one->job.keep = true;
                one->job.fall_back = fall_back;
            }
        }
        if (one == NULL) {
            enc_ahead_free(jobs);
            return NULL;
        }
        *end = one;
        end = &one->next;
    }
    return jobs;
}

static PyObject *
ids_of(const enc_ahead *jobs)
{
    PyObject *ids = PyList_New(0);
    for (; jobs != NULL && ids != NULL; jobs = jobs->next) {
        PyObject *id = PyLong_FromUnsignedLongLong(jobs->job.run_id);
        if (id == NULL || PyList_Append(ids, id) < 0) {
            Py_CLEAR(ids);
        }
        Py_XDECREF(id);
    }
    return ids;
}

PyObject *
enc_slot_start_ahead(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"", "fall_back", NULL};
    enc_slot *slot = ((SlotObject *)op)->slot;
    PyObject *list;
    unsigned long long fall_back = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!|$K", keywords, &PyList_Type, &list, &fall_back)) {
        return NULL;
    }
    enc_ahead *jobs = jobs_from(list, fall_back);
    PyObject *ids = PyErr_Occurred() ? NULL : ids_of(jobs);
    if (ids == NULL || jobs == NULL) {
        enc_ahead_free(jobs);
        return ids;
    }
    const char *refusal = NULL;
    enc_host_lock(slot);
    if (slot->closing || slot->state >= ENC_STATE_ENDED || slot->crash_signal != 0) {
        refusal = "the worker has ended";
    }
    else if (fall_back != 0 && enc_find_mark(slot, fall_back) == NULL) {
        refusal = "there is no such checkpoint";
    }
    else {
        enc_ahead_append(slot, jobs);
        if (slot->state == ENC_STATE_IDLE && !slot->job_begins) {
            enc_ahead_begin(slot);
        }
    }
    enc_mutex_unlock(&slot->lock);
    if (refusal != NULL) {
        enc_ahead_free(jobs);
        Py_DECREF(ids);
        PyErr_SetString(enc_native_error, refusal);
        return NULL;
    }
    enc_futex_post(&slot->job_seq);
    return ids;
}

PyObject *
enc_slot_withdraw(PyObject *op, PyObject *args)
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    unsigned long long run_id = 0;
    int following = 0;
    if (!PyArg_ParseTuple(args, "|Kp", &run_id, &following)) {
        return NULL;
    }
    enc_host_lock(slot);
    enc_ahead *taken = enc_ahead_take(slot, run_id, following || run_id == 0);
    enc_mutex_unlock(&slot->lock);
    PyObject *ids = ids_of(taken);
    enc_ahead_free(taken);
    return ids;
}
