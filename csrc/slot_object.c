/* `_native.Slot`: a slot as the host's Python sees it.

   Every method may be called from any thread of the host; the GIL is released while waiting. */

#include "block.h"
#include "core.h"
#include "host.h"
#include "slot_object.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

int64_t
enc_seconds_to_ns(double seconds)
{
    if (!(seconds > 0)) {
        return 0;
    }
    return seconds >= 9e9 ? INT64_MAX / 2 : (int64_t)(seconds * 1e9);
}

/* None: forever (0).  -1 with an exception set on error. */
static int
deadline_from(PyObject *timeout, int64_t *deadline)
{
    *deadline = 0;
    if (timeout == NULL || timeout == Py_None) {
        return 0;
    }
    double seconds = PyFloat_AsDouble(timeout);
    if (seconds == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    *deadline = enc_now() + enc_seconds_to_ns(seconds);
    return 0;
}

/* --- Construction ------------------------------------------------------------------------------------------------- */

static PyObject *
slot_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {
        "bootstrap", "memory_limit", "max_message_size", "stack_size", "pristine",   "rewind",
        "name",      "sandbox",      "policy",           "trusted",    "code_cache", NULL};
    PyObject *codes = NULL;
    Py_buffer bootstrap = {0};
    Py_ssize_t memory_limit = 0, max_message_size = 0, stack_size = 0;
    int pristine = 1, sandbox = 0, policy = 0, trusted = 0;
    const char *rewind = "auto", *name = "";
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$y*nnnpsspppO", keywords, &bootstrap, &memory_limit,
                                     &max_message_size, &stack_size, &pristine, &rewind, &name, &sandbox,
                                     &policy, &trusted, &codes)) {
        return NULL;
    }
    SlotObject *self = NULL;
    enc_slot wish = {0};
    if (bootstrap.buf == NULL) {
        PyErr_SetString(PyExc_TypeError, "Slot() needs bootstrap, memory_limit and max_message_size");
        return NULL;
    }
    if (enc_code_cache_from(codes, &wish.codes) < 0) {
        goto out;
    }
    enc_rewind_mode best = enc_rewind_init();
    if (memory_limit < ((Py_ssize_t)8 << 20)) {
        PyErr_Format(PyExc_ValueError, "memory_limit must be at least %d bytes (8 MB), got %zd", 8 << 20,
                     memory_limit);
        goto out;
    }
    if (max_message_size <= 0) {
        PyErr_Format(PyExc_ValueError, "max_message_size must be positive, got %zd", max_message_size);
        goto out;
    }
    /* With less the creation of the interpreter itself overflows it, whatever lock it holds there. */
    if (stack_size != 0 && stack_size < ((Py_ssize_t)256 << 10)) {
        PyErr_Format(PyExc_ValueError, "stack_size must be 0 (16 MB) or at least %d bytes (256 KB), got %zd",
                     256 << 10, stack_size);
        goto out;
    }
    if (strcmp(rewind, "auto") == 0) {
        wish.rewind_mode = best;
    }
    else if (strcmp(rewind, "scan") == 0 && best >= ENC_REWIND_SCAN) {
        wish.rewind_mode = ENC_REWIND_SCAN;
    }
    else if (strcmp(rewind, "remap") == 0 && best >= ENC_REWIND_REMAP) {
        wish.rewind_mode = ENC_REWIND_REMAP;
    }
    else {
        PyErr_Format(enc_native_error, "rewind mode %s is not to be had here", rewind);
        goto out;
    }
    if (wish.rewind_mode == ENC_REWIND_NONE) {
        PyErr_SetString(enc_native_error, "this system has no memfd_create(): a worker could not be rewound");
        goto out;
    }
    enc_tracing_cover();
    int rc = enc_halt_init();
    if (rc != 0) {
        PyErr_Format(enc_native_error, "the watchdog could not be started: %s", strerror(rc));
        goto out;
    }
    snprintf(wish.name, sizeof(wish.name), "%s", name);
    wish.memory_limit = (size_t)memory_limit;
    wish.max_message_size = (size_t)max_message_size;
    wish.stack_size = (size_t)stack_size;
    wish.pristine = pristine;
    wish.sandbox = sandbox && !trusted;
    wish.policy = policy && !trusted;
    wish.trusted = trusted;
    wish.bootstrap = malloc((size_t)bootstrap.len + 1);
    self = (SlotObject *)type->tp_alloc(type, 0);
    if (wish.bootstrap == NULL || self == NULL) {
        free(wish.bootstrap);
        Py_CLEAR(self);
        PyErr_NoMemory();
        goto out;
    }
    memcpy(wish.bootstrap, bootstrap.buf, (size_t)bootstrap.len);
    wish.bootstrap_len = (size_t)bootstrap.len;
    const char *why = NULL;
    enc_contain_refresh();
    self->slot = enc_slot_create(&wish, &why);
    if (self->slot == NULL) {
        free(wish.bootstrap);
        PyErr_SetString(enc_native_error, why);
        Py_CLEAR(self);
    }
out:
    PyBuffer_Release(&bootstrap);
    return (PyObject *)self;
}

static void
slot_dealloc(PyObject *op)
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    PyTypeObject *type = Py_TYPE(op);
    if (slot != NULL) {
        /* Ask it to end and let go; its thread frees what is left. */
        enc_mutex_lock(&slot->lock);
        int event_fd = slot->event_fd;
        slot->event_fd = -1; /* before it is closed: its number may be another's then */
        slot->closing = true;
        enc_halt_locked(slot, ENC_HALT_CLOSED);
        enc_mutex_unlock(&slot->lock);
        enc_futex_post(&slot->job_seq);
        /* What a slot still holds that was never closed stays: there is nobody left who could tell when it goes. */
        enc_loans_collect(slot);
        enc_slot_decref(slot);
        if (event_fd >= 0) {
            close(event_fd);
        }
    }
    type->tp_free(op);
    Py_DECREF(type);
}

/* --- Waiting ----------------------------------------------------------------------------------------------------------- */

/* A signal whose handler has run before the wait begins does not interrupt it.  Only the main thread runs Python's
   handlers; it looks again after this time. */
#define SIGNAL_GAP ((int64_t)50000000)
#define HOST_SPINS 1000

/* Wait for the slot's events to change, and perhaps look for a while first; 1 when they did or may have, 0 at the
   deadline, -1 with an exception set. */
static int
wait_change(enc_slot *slot, uint32_t seen, int64_t deadline, bool looks)
{
    int rc = 0;
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    if (deadline != 0 && deadline <= enc_now()) {
        return 0; /* who only asks is not to spin */
    }
    int64_t until = deadline;
    if (getpid() == syscall(SYS_gettid)) {
        int64_t soon = enc_now() + SIGNAL_GAP;
        until = deadline == 0 || soon < deadline ? soon : deadline;
    }
    Py_BEGIN_ALLOW_THREADS
    if (!looks || !enc_spin_host(&slot->spin, &slot->event_seq, seen, HOST_SPINS)) {
        rc = enc_futex_wait(&slot->event_seq, seen, until);
    }
    Py_END_ALLOW_THREADS
    if ((rc == EINTR || rc == ETIMEDOUT) && PyErr_CheckSignals() < 0) {
        return -1;
    }
    return rc != ETIMEDOUT || until != deadline;
}

static PyObject *
slot_wait_ready(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"timeout", NULL};
    enc_slot *slot = ((SlotObject *)op)->slot;
    PyObject *timeout = NULL;
    int64_t deadline;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O", keywords, &timeout) ||
        deadline_from(timeout, &deadline) < 0) {
        return NULL;
    }
    for (;;) {
        uint32_t seen = enc_futex_seq(&slot->event_seq);
        enc_host_lock(slot);
        int state = slot->state;
        bool failed = state == ENC_STATE_FAILED || state == ENC_STATE_ENDED;
        enc_mutex_unlock(&slot->lock);
        if (failed) {
            PyErr_SetString(enc_native_error, slot->failure[0] != 0 ? slot->failure : "the worker has ended");
            return NULL;
        }
        if (state != ENC_STATE_STARTING) {
            Py_RETURN_TRUE;
        }
        int changed = wait_change(slot, seen, deadline, false);
        if (changed <= 0) {
            return changed < 0 ? NULL : Py_NewRef(Py_False);
        }
    }
}

/* --- Runs ---------------------------------------------------------------------------------------------------------------- */

static _Atomic uint64_t last_run_id;

uint64_t
enc_reserve_run_ids(uint64_t count)
{
    return atomic_fetch_add(&last_run_id, count) + 1;
}

static PyObject *
slot_start(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"",
                               "timeout",
                               "cpu_limit",
                               "max_output_bytes",
                               "max_output_calls",
                               "max_tool_calls",
                               "stream",
                               "max_messages_per_second",
                               "max_pending_tool_calls",
                               "keep",
                               "fall_back",
                               "max_iterations",
                               "memory_limit",
                               "buffers",
                               NULL};
    enc_slot *slot = ((SlotObject *)op)->slot;
    Py_buffer request;
    double timeout = 0, cpu_limit = 0;
    Py_ssize_t output_bytes = 0, output_calls = 0, tool_calls = 0, messages = 0, pending = 0, iterations = 0,
               memory_limit = 0;
    PyObject *buffers = NULL;
    int stream = 0, keep = !slot->pristine;
    unsigned long long fall_back = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "y*|$ddnnnpnnpKnnO", keywords, &request, &timeout,
                                     &cpu_limit, &output_bytes, &output_calls, &tool_calls, &stream,
                                     &messages, &pending, &keep, &fall_back, &iterations, &memory_limit,
                                     &buffers)) {
        return NULL;
    }
    enc_loan *loan = NULL;
    if (buffers != NULL && buffers != Py_None) {
        loan = enc_loan_take(buffers);
        if (loan == NULL) {
            PyBuffer_Release(&request);
            return NULL;
        }
    }
    enc_contain_refresh();
    enc_queued *next = enc_queued_make(enc_reserve_run_ids(1), request.buf, (size_t)request.len);
    PyBuffer_Release(&request);
    if (next == NULL) {
        enc_loan_free(loan);
        return PyErr_NoMemory();
    }
    next->loan = loan;
    uint64_t run_id = next->job.run_id;
    enc_job *job = &next->job;
    job->timeout_ns = enc_seconds_to_ns(timeout);
    job->cpu_limit_ns = enc_seconds_to_ns(cpu_limit);
    job->max_output_bytes = (size_t)output_bytes;
    job->max_output_calls = (uint64_t)output_calls;
    job->max_tool_calls = (uint64_t)tool_calls;
    job->max_iterations = (uint64_t)iterations;
    job->memory_limit = (size_t)memory_limit;
    job->max_messages_per_second = (uint64_t)messages;
    job->max_pending_calls = (uint64_t)pending;
    job->stream = stream;
    job->keep = keep;
    job->fall_back = fall_back;
    const char *refusal = NULL;
    enc_event *stale = NULL, *one;
    enc_host_lock(slot);
    if (slot->closing || slot->state == ENC_STATE_ENDED || slot->state == ENC_STATE_FAILED ||
        slot->state == ENC_STATE_CONDEMNED || slot->crash_signal != 0) {
        refusal = "the worker has ended";
    }
    else if (slot->state == ENC_STATE_RUNNING || slot->job_begins || slot->queue != NULL ||
             slot->errand != ENC_ERRAND_NONE) {
        refusal = "a run is under way";
    }
    else if (fall_back != 0 && enc_find_mark(slot, fall_back) == NULL) {
        refusal = "there is no such checkpoint";
    }
    else {
        for (; (one = enc_event_take(slot)) != NULL; stale = one) {
            one->next = stale;
        }
        enc_job_place(slot, next);
    }
    enc_mutex_unlock(&slot->lock);
    enc_queued_free(next);
    while (stale != NULL) {
        one = stale->next;
        enc_event_free(stale);
        stale = one;
    }
    if (refusal != NULL) {
        PyErr_SetString(enc_native_error, refusal);
        return NULL;
    }
    enc_futex_post(&slot->job_seq);
    if (loan == NULL ? slot->loans != NULL : loan->next != NULL) {
        enc_loans_collect(slot); /* what a halted run had in its hands */
    }
    return PyLong_FromUnsignedLongLong(run_id);
}

static PyObject *
slot_next_event(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"timeout", NULL};
    enc_slot *slot = ((SlotObject *)op)->slot;
    PyObject *timeout = NULL;
    int64_t deadline;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O", keywords, &timeout) ||
        deadline_from(timeout, &deadline) < 0) {
        return NULL;
    }
    for (;;) {
        uint32_t seen = enc_futex_seq(&slot->event_seq);
        enc_host_lock(slot);
        enc_event *event = enc_event_take(slot);
        bool never = event == NULL && (slot->state == ENC_STATE_ENDED || slot->state == ENC_STATE_FAILED);
        bool nudged = event == NULL && slot->nudged;
        slot->nudged &= !nudged;
        bool looks = slot->queue == NULL; /* who follows a queue's slot is not who waits for the answer */
        bool lends = slot->loans != NULL; /* once unlocked, the next job may bring some */
        enc_mutex_unlock(&slot->lock);
        if (event != NULL) {
            ENC_POINT(slot, EVENT_TAKEN);
            if (event->kind == ENC_EVENT_DONE && lends) {
                enc_loans_collect(slot);
            }
            return enc_event_object(slot, event);
        }
        if (never) {
            PyErr_SetString(enc_native_error, "the worker has ended");
            return NULL;
        }
        if (nudged || (deadline != 0 && enc_now() >= deadline)) {
            Py_RETURN_NONE; /* at once, where it only looks */
        }
        int changed = wait_change(slot, seen, deadline, looks);
        if (changed <= 0) {
            return changed < 0 ? NULL : Py_NewRef(Py_None);
        }
    }
}

static PyObject *
slot_reply(PyObject *op, PyObject *args)
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    unsigned long long call_id;
    int ok;
    Py_buffer payload;
    if (!PyArg_ParseTuple(args, "Kpy*", &call_id, &ok, &payload)) {
        return NULL;
    }
    char *copy = enc_block_new((size_t)payload.len + 1);
    if (copy == NULL) {
        PyBuffer_Release(&payload);
        return PyErr_NoMemory();
    }
    memcpy(copy, payload.buf, (size_t)payload.len);
    ENC_POINT(slot, REPLY_BROUGHT);
    enc_host_lock(slot);
    bool taken = slot->state == ENC_STATE_RUNNING &&
                 enc_calls_answer(&slot->calls, call_id, ok, copy, (size_t)payload.len);
    if (taken) {
        enc_futex_post(&slot->reply_seq);
    }
    enc_mutex_unlock(&slot->lock);
    PyBuffer_Release(&payload);
    if (!taken) {
        enc_block_free(copy);
    }
    return PyBool_FromLong(taken);
}

int
enc_check_reason(int reason)
{
    if (reason > ENC_HALT_NONE && reason <= ENC_HALT_TOOL_CALLS) {
        return 0;
    }
    PyErr_Format(PyExc_ValueError, "reason must be one of the HALT_ numbers, got %d", reason);
    return -1;
}

static PyObject *
slot_halt(PyObject *op, PyObject *args)
{
    unsigned long long run_id;
    int reason;
    if (!PyArg_ParseTuple(args, "Ki", &run_id, &reason)) {
        return NULL;
    }
    if (enc_check_reason(reason) < 0) {
        return NULL;
    }
    return PyBool_FromLong(enc_halt_request(((SlotObject *)op)->slot, run_id, reason));
}

/* --- For event loops --------------------------------------------------------------------------------------------- */

static PyObject *
slot_event_fd(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    enc_host_lock(slot);
    if (slot->event_fd < 0) {
        slot->event_fd =
            eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK); /* readable: something may have happened before */
    }
    int fd = slot->event_fd;
    enc_mutex_unlock(&slot->lock);
    return fd >= 0 ? PyLong_FromLong(fd) : PyErr_SetFromErrno(PyExc_OSError);
}

static PyObject *
slot_close(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"timeout", NULL};
    double timeout = 1.0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|d", keywords, &timeout)) {
        return NULL;
    }
    bool ended;
    Py_BEGIN_ALLOW_THREADS
    ended = enc_slot_close(((SlotObject *)op)->slot, enc_seconds_to_ns(timeout), timeout > 0);
    Py_END_ALLOW_THREADS
    enc_loans_collect(((SlotObject *)op)->slot);
    return PyBool_FromLong(ended);
}

static PyObject *
slot_memory(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    size_t in_use = 0, peak = 0, limit = slot->memory_limit;
    enc_host_lock(slot);
    if (slot->heap != NULL) {
        enc_heap_account(slot->heap, &in_use, &peak, &limit);
    }
    enc_mutex_unlock(&slot->lock);
    return Py_BuildValue("nnn", (Py_ssize_t)in_use, (Py_ssize_t)peak, (Py_ssize_t)limit);
}

static PyMethodDef slot_methods[] = {
    {"wait_ready", (PyCFunction)(void (*)(void))slot_wait_ready, METH_VARARGS | METH_KEYWORDS, NULL},
    {"start", (PyCFunction)(void (*)(void))slot_start, METH_VARARGS | METH_KEYWORDS, NULL},
    {"join", (PyCFunction)(void (*)(void))enc_slot_join, METH_VARARGS | METH_KEYWORDS, NULL},
    {"leave", enc_slot_leave, METH_NOARGS, NULL},
    {"nudge", enc_slot_nudge, METH_NOARGS, NULL},
    {"next_event", (PyCFunction)(void (*)(void))slot_next_event, METH_VARARGS | METH_KEYWORDS, NULL},
    {"reply", slot_reply, METH_VARARGS, NULL},
    {"halt", slot_halt, METH_VARARGS, NULL},
    {"close", (PyCFunction)(void (*)(void))slot_close, METH_VARARGS | METH_KEYWORDS, NULL},
    {"memory", slot_memory, METH_NOARGS, NULL},
    {"checkpoint", enc_object_checkpoint, METH_NOARGS, NULL},
    {"restore", enc_object_restore, METH_VARARGS, NULL},
    {"forget", enc_object_forget, METH_VARARGS, NULL},
    {"event_fd", slot_event_fd, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyObject *
get_state(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromLong(__atomic_load_n(&((SlotObject *)op)->slot->state, __ATOMIC_RELAXED));
}

static PyObject *
get_busy(PyObject *op, void *Py_UNUSED(closure))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    return PyBool_FromLong(__atomic_load_n(&slot->state, __ATOMIC_RELAXED) == ENC_STATE_RUNNING ||
                           __atomic_load_n(&slot->job_begins, __ATOMIC_RELAXED));
}

static PyObject *
get_run_id(PyObject *op, void *Py_UNUSED(closure))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    enc_host_lock(slot);
    uint64_t run_id = slot->last_word != NULL ? slot->job.run_id : 0;
    enc_mutex_unlock(&slot->lock);
    return PyLong_FromUnsignedLongLong(run_id);
}

static PyObject *
get_run_count(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLongLong(
        __atomic_load_n(&((SlotObject *)op)->slot->run_count, __ATOMIC_RELAXED));
}

static PyObject *
get_checkpoint_memory(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromSize_t(__atomic_load_n(&((SlotObject *)op)->slot->marks_size, __ATOMIC_RELAXED));
}

static PyObject *
get_interpreter_id(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromLongLong(((SlotObject *)op)->slot->interp_id);
}

static PyObject *
get_thread_id(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromLong(((SlotObject *)op)->slot->tid);
}

static PyObject *
get_layout(PyObject *op, void *Py_UNUSED(closure))
{
    enc_slot *slot = ((SlotObject *)op)->slot;
    return Py_BuildValue("kkkkkn", (unsigned long)slot->base, (unsigned long)(slot->base + slot->size),
                         (unsigned long)slot->stack_lo, (unsigned long)slot->stack_hi, (unsigned long)slot,
                         slot->rewind != NULL ? (Py_ssize_t)enc_rewind_length(slot->rewind) : 0);
}

static PyGetSetDef slot_getset[] = {
    {"layout", get_layout, NULL, NULL, NULL},
    {"state", get_state, NULL, NULL, NULL},
    {"busy", get_busy, NULL, NULL, NULL},
    {"run_id", get_run_id, NULL, NULL, NULL},
    {"run_count", get_run_count, NULL, NULL, NULL},
    {"interpreter_id", get_interpreter_id, NULL, NULL, NULL},
    {"thread_id", get_thread_id, NULL, NULL, NULL},
    {"checkpoint_memory", get_checkpoint_memory, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slot_type_slots[] = {
    {Py_tp_new, slot_new},
    {Py_tp_dealloc, slot_dealloc},
    {Py_tp_methods, slot_methods},
    {Py_tp_getset, slot_getset},
    {0, NULL},
};

static PyType_Spec slot_spec = {
    .name = "enclave_subinterp._native.Slot",
    .basicsize = sizeof(SlotObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slot_type_slots,
};

int
enc_slot_object_init(PyObject *module)
{
    PyObject *slot_type = PyType_FromModuleAndSpec(module, &slot_spec, NULL);
    int rc = slot_type == NULL ? -1 : PyModule_AddObjectRef(module, "Slot", slot_type);
    Py_XDECREF(slot_type);
    return rc;
}
