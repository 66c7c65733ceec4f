/* What `_enclave` has in slots for trusted functions, beside module_guest.c: lent buffers, answers without the codec,
   messages without limits, and calls that leave the process's view of the slot for a moment.

   All of it runs on the slot's thread with the slot's GIL. */

#include "block.h"
#include "core.h"

#include <stdlib.h>
#include <string.h>

/* loans() -> the buffers that came with the request */
static PyObject *
task_loans(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return enc_loans_show(enc_current_slot);
}

/* --- The answer ------------------------------------------------------------------------------------------------- */

static bool
add_part(enc_slot *slot, const Py_buffer *view)
{
    enc_done *done = &slot->done;
    slot->critical++;
    /* Counted before it is filled: a halt in between frees it with the rest. */
    enc_buffer *part = &done->parts[done->part_count];
    part->data = enc_block_new((size_t)view->len + 1);
    part->len = part->cap = (size_t)view->len;
    bool ok = part->data != NULL;
    done->part_count += ok;
    slot->critical--;
    if (ok) {
        memcpy(part->data, view->buf, (size_t)view->len);
    }
    return ok;
}

/* answer(outcome, buffers): the only copy on the way to the host is made here. */
static PyObject *
task_answer(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = enc_current_slot;
    long outcome = nargs == 2 ? PyLong_AsLong(args[0]) : -1;
    if ((outcome != ENC_OUTCOME_VALUE && outcome != ENC_OUTCOME_ERROR) || !PyList_Check(args[1])) {
        return enc_wrong_arguments("answer");
    }
    enc_done *done = &slot->done;
    Py_ssize_t count = PyList_GET_SIZE(args[1]);
    slot->critical++;
    enc_parts_free(done);
    done->parts = calloc((size_t)count + 1, sizeof(*done->parts));
    slot->critical--;
    bool ok = done->parts != NULL;
    for (Py_ssize_t i = 0; ok && i < count; i++) {
        Py_buffer view;
        if (PyObject_GetBuffer(PyList_GET_ITEM(args[1], i), &view, PyBUF_SIMPLE) < 0) {
            return NULL;
        }
        ok = add_part(slot, &view);
        PyBuffer_Release(&view);
    }
    if (!ok) {
        return PyErr_NoMemory();
    }
    done->outcome = (int)outcome;
    Py_RETURN_NONE;
}

/* --- Messages ------------------------------------------------------------------------------------------------------ */

#define MAX_UNREAD ((size_t)16 << 20)

/* send(channel, data): it goes out as it is, in order; waits while the host has too much to read. */
static PyObject *
task_send(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = enc_current_slot;
    long channel = nargs == 2 ? PyLong_AsLong(args[0]) : -1;
    Py_buffer view;
    if (channel < 1) {
        return enc_wrong_arguments("send");
    }
    if (PyObject_GetBuffer(args[1], &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    for (;;) {
        uint32_t seen = enc_reply_seq_or_halt(slot);
        slot->critical++;
        enc_mutex_lock(&slot->lock);
        bool room = slot->unread < MAX_UNREAD, sent = true;
        if (room) {
            sent = enc_emit_event(slot, ENC_EVENT_OUTPUT, (uint64_t)channel, view.buf, (size_t)view.len);
        }
        enc_mutex_unlock(&slot->lock);
        slot->critical--;
        if (!sent) {
            PyBuffer_Release(&view);
            return PyErr_NoMemory();
        }
        if (room) {
            break;
        }
        enc_futex_wait(&slot->reply_seq, seen, 0);
    }
    slot->done.messages++;
    PyBuffer_Release(&view);
    Py_RETURN_NONE;
}

/* leave(): end the run here, as os._exit() would end a process. */
static PyObject *
task_leave(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    enc_halt_self(enc_current_slot, ENC_HALT_EXIT);
    PyErr_SetString(PyExc_SystemExit, "the task is being ended: it has called os._exit()");
    return NULL;
}

/* --- Beside the slot ------------------------------------------------------------------------------------------------ */

/* A function that makes a process: the child gets the signal mask of a thread of the host's, for a slot's lets nothing
   through, and a halt has to wait, for the child may be using this very stack. */
static PyObject *
task_call_outside(PyObject *function, PyObject *const *args, Py_ssize_t nargs, PyObject *names)
{
    enc_slot *slot = enc_current_slot;
    sigset_t before;
    slot->critical++;
    pthread_sigmask(SIG_SETMASK, &slot->host_mask, &before);
    PyObject *result = PyObject_Vectorcall(function, args, (size_t)nargs, names);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    slot->critical--;
    return result;
}

static PyMethodDef outside_def = {"call_outside", (PyCFunction)(void (*)(void))task_call_outside,
                                  METH_FASTCALL | METH_KEYWORDS, NULL};

/* outside(function) -> the same, called so */
static PyObject *
task_outside(PyObject *Py_UNUSED(module), PyObject *function)
{
    return PyCFunction_New(&outside_def, function);
}

/* approved(name) -> may this extension module be loaded? */
static PyObject *
task_approved(PyObject *Py_UNUSED(module), PyObject *name)
{
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    if (text == NULL) {
        PyErr_Clear();
        return enc_wrong_arguments("approved");
    }
    return PyBool_FromLong(enc_extension_approved(text, false));
}

/* set_no_site(value): the interpreter is made without site, but its children, say, are not to be. */
static PyObject *
task_set_no_site(PyObject *Py_UNUSED(module), PyObject *value)
{
    PyObject *flags = PySys_GetObject("flags"); /* borrowed */
    PyTypeObject *type = flags != NULL ? Py_TYPE(flags) : NULL;
    PyObject *fields = type != NULL ? PyObject_GetAttrString((PyObject *)type, "__match_args__") : NULL;
    Py_ssize_t at = -1;
    for (Py_ssize_t i = 0; fields != NULL && PyTuple_Check(fields) && i < PyTuple_GET_SIZE(fields); i++) {
        if (PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(fields, i), "no_site") == 0) {
            at = i;
        }
    }
    Py_XDECREF(fields);
    if (at < 0 || !PyLong_Check(value)) {
        PyErr_Clear();
        return enc_wrong_arguments("set_no_site");
    }
    PyObject *old = PyStructSequence_GetItem(flags, at);
    PyStructSequence_SetItem(flags, at, Py_NewRef(value));
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"loans", task_loans, METH_NOARGS, NULL},
    {"answer", (PyCFunction)(void (*)(void))task_answer, METH_FASTCALL, NULL},
    {"send", (PyCFunction)(void (*)(void))task_send, METH_FASTCALL, NULL},
    {"leave", task_leave, METH_NOARGS, NULL},
    {"outside", task_outside, METH_O, NULL},
    {"set_no_site", task_set_no_site, METH_O, NULL},
    {"approved", task_approved, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

int
enc_guest_task_init(enc_slot *slot, PyObject *module)
{
    slot->tables->loan_type = enc_loan_type();
    return slot->tables->loan_type != NULL ? PyModule_AddFunctions(module, methods) : -1;
}
