/* `_native.RunQueue`, and how a slot takes its jobs there.  See run_queue.c. */

#include "slot_object.h"

typedef struct {
    PyObject_HEAD
    enc_run_queue *queue;
} RunQueueObject;

static PyObject *
queue_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "", keywords)) {
        return NULL;
    }
    RunQueueObject *self = (RunQueueObject *)type->tp_alloc(type, 0);
    if (self != NULL && (self->queue = enc_run_queue_make()) == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void
queue_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    enc_run_queue *queue = ((RunQueueObject *)op)->queue;
    if (queue != NULL) {
        enc_queued_free(enc_run_queue_take(queue, 0)); /* here, with the GIL: nobody can hear of their ends */
    }
    enc_run_queue_decref(queue);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *
queue_reserve(PyObject *Py_UNUSED(op), PyObject *arg)
{
    Py_ssize_t count = PyLong_AsSsize_t(arg);
    if (count == -1 && PyErr_Occurred()) {
        return NULL;
    }
    if (count < 0) {
        return PyErr_Format(PyExc_ValueError, "count must not be negative, got %zd", count);
    }
    return PyLong_FromUnsignedLongLong(enc_reserve_run_ids((uint64_t)count));
}

#define ADD_TAKES "add() takes a list of (run_id, request, timeout, memory_limit[, buffers])"

/* A job as add() takes it; NULL with an exception set. */
static enc_queued *
job_from(PyObject *item)
{
    unsigned long long run_id;
    PyObject *request, *buffers = Py_None;
    double timeout;
    Py_ssize_t memory_limit;
    if (!PyTuple_Check(item)) {
        PyErr_SetString(PyExc_TypeError, ADD_TAKES);
        return NULL;
    }
    if (!PyArg_ParseTuple(item, "KSdn|O", &run_id, &request, &timeout, &memory_limit, &buffers)) {
        return NULL;
    }
    enc_loan *loan = NULL;
    if (buffers != Py_None && (loan = enc_loan_take(buffers)) == NULL) {
        return NULL;
    }
    enc_queued *one = enc_queued_make(run_id, PyBytes_AS_STRING(request), (size_t)PyBytes_GET_SIZE(request));
    if (one == NULL) {
        enc_loan_free(loan);
        PyErr_NoMemory();
        return NULL;
    }
    one->loan = loan;
    one->job.timeout_ns = enc_seconds_to_ns(timeout);
    one->job.memory_limit = (size_t)memory_limit;
    one->job.keep = true;
    return one;
}

static PyObject *
queue_add(PyObject *op, PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, ADD_TAKES);
        return NULL;
    }
    enc_queued *jobs = NULL, **end = &jobs;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        *end = job_from(PyList_GET_ITEM(list, i));
        if (*end == NULL) {
            enc_queued_free(jobs);
            return NULL;
        }
        end = &(*end)->next;
    }
    if (jobs != NULL) {
        enc_run_queue_add(((RunQueueObject *)op)->queue, jobs);
    }
    Py_RETURN_NONE;
}

static PyObject *
queue_withdraw(PyObject *op, PyObject *args)
{
    unsigned long long run_id = 0;
    if (!PyArg_ParseTuple(args, "|K", &run_id)) {
        return NULL;
    }
    enc_queued *taken = enc_run_queue_take(((RunQueueObject *)op)->queue, run_id);
    PyObject *ids = PyList_New(0);
    for (const enc_queued *one = taken; one != NULL && ids != NULL; one = one->next) {
        PyObject *id = PyLong_FromUnsignedLongLong(one->job.run_id);
        if (id == NULL || PyList_Append(ids, id) < 0) {
            Py_CLEAR(ids);
        }
        Py_XDECREF(id);
    }
    enc_queued_free(taken);
    return ids;
}

static PyObject *
queue_halt(PyObject *op, PyObject *args)
{
    unsigned long long run_id;
    int reason;
    if (!PyArg_ParseTuple(args, "Ki", &run_id, &reason) || enc_check_reason(reason) < 0) {
        return NULL;
    }
    return PyBool_FromLong(enc_run_queue_halt(((RunQueueObject *)op)->queue, run_id, reason));
}

static PyMethodDef queue_methods[] = {
    {"reserve", queue_reserve, METH_O | METH_STATIC, NULL},
    {"add", queue_add, METH_O, NULL},
    {"withdraw", queue_withdraw, METH_VARARGS, NULL},
    {"halt", queue_halt, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot queue_type_slots[] = {
    {Py_tp_new, queue_new},
    {Py_tp_dealloc, queue_dealloc},
    {Py_tp_methods, queue_methods},
    {0, NULL},
};

static PyType_Spec queue_spec = {
    .name = "enclave_subinterp._native.RunQueue",
    .basicsize = sizeof(RunQueueObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = queue_type_slots,
};

static PyTypeObject *queue_type; /* the module is made once in a process, and stays */

int
enc_run_queue_object_init(PyObject *module)
{
    queue_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &queue_spec, NULL);
    return queue_type == NULL ? -1 : PyModule_AddObjectRef(module, "RunQueue", (PyObject *)queue_type);
}

/* --- Methods of the slot ------------------------------------------------------------------------------------------------- */

PyObject *
enc_slot_join(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"", "", "fall_back", NULL};
    enc_slot *slot = ((SlotObject *)op)->slot;
    PyObject *queue;
    Py_ssize_t most;
    unsigned long long fall_back = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!n|$K", keywords, queue_type, &queue, &most,
                                     &fall_back)) {
        return NULL;
    }
    if (most < 0) {
        return PyErr_Format(PyExc_ValueError, "most must not be negative, got %zd", most);
    }
    const char *refusal = NULL;
    enc_host_lock(slot);
    if (slot->closing || slot->state >= ENC_STATE_ENDED || slot->crash_signal != 0) {
        refusal = "the worker has ended";
    }
    else if (slot->state == ENC_STATE_STARTING) {
        refusal = "the worker has not started";
    }
    else if (slot->state == ENC_STATE_RUNNING || slot->job_begins || slot->queue != NULL ||
             slot->errand != ENC_ERRAND_NONE) {
        refusal = "a run is under way";
    }
    else if (fall_back != 0 && enc_find_mark(slot, fall_back) == NULL) {
        refusal = "there is no such checkpoint";
    }
    else {
        enc_run_queue_join(slot, ((RunQueueObject *)queue)->queue, fall_back, (uint64_t)most);
    }
    enc_mutex_unlock(&slot->lock);
    if (refusal != NULL) {
        PyErr_SetString(enc_native_error, refusal);
        return NULL;
    }
    enc_futex_post(&slot->job_seq);
    Py_RETURN_NONE;
}

PyObject *
enc_slot_leave(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    enc_host_lock(slot);
    enc_run_queue_leave(slot);
    bool free = slot->last_word == NULL && slot->events == NULL;
    enc_mutex_unlock(&slot->lock);
    return PyBool_FromLong(free);
}

PyObject *
enc_slot_nudge(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    enc_host_lock(slot);
    slot->nudged = true;
    enc_futex_post(&slot->event_seq);
    enc_mutex_unlock(&slot->lock);
    Py_RETURN_NONE;
}
