/* `_enclave`: what the guest's runtime (guest/bootstrap.py) calls.  Never in sys.modules; one per slot, made without a
   module definition, so that nothing process-wide knows of it.

   All of it runs on the slot's thread with the slot's GIL.  What is handed out (output, tool calls, the answer) is
   written into memory of libc, which a rewind leaves alone, with `critical` raised. */

#include "core.h"
#include "host.h"

#include <marshal.h>
#include <stdlib.h>
#include <string.h>

static enc_slot *
own_slot(void)
{
    return enc_current_slot;
}

PyObject *
enc_wrong_arguments(const char *name)
{
    PyErr_Format(PyExc_TypeError, "%s(): wrong arguments", name);
    return NULL;
}

uint32_t
enc_reply_seq_or_halt(enc_slot *slot)
{
    uint32_t seen = enc_futex_seq(&slot->reply_seq);
    if (atomic_load(&slot->halt_reason) != ENC_HALT_NONE) {
        enc_safe_point(slot);
    }
    return seen;
}

/* --- Values -------------------------------------------------------------------------------------------------------- */

static bool
encode_value(enc_slot *slot, PyObject *value, size_t *items, enc_buffer *out, const char **why,
             char message[256])
{
    enc_encode_opts opts = {slot->max_message_size, 200, slot->tables->ext_encode, items};
    return enc_encode(value, &opts, out, why, message) == 0;
}

static PyObject *
decode_value(enc_slot *slot, const void *data, size_t len)
{
    char message[256] = "";
    enc_decode_opts opts = {200, slot->tables->ext_decode};
    PyObject *value = enc_decode(data, len, &opts, message);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, message);
    }
    return value;
}

static PyObject *
guest_decode(PyObject *Py_UNUSED(module), PyObject *data)
{
    char *bytes;
    Py_ssize_t len;
    if (PyBytes_AsStringAndSize(data, &bytes, &len) < 0) {
        return NULL;
    }
    return decode_value(own_slot(), bytes, (size_t)len);
}

PyObject *
enc_guest_request(enc_slot *slot)
{
    const enc_loan *lent = slot->lent; /* a large one */
    if (lent != NULL && lent->count == 1) {
        return decode_value(slot, lent->buffers[0].buf, (size_t)lent->buffers[0].len);
    }
    return decode_value(slot, slot->job.request, slot->job.request_len);
}

static PyObject *
guest_set_ext(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = own_slot();
    if (nargs != 2 || !PyDict_Check(args[0]) || !PyDict_Check(args[1])) {
        return enc_wrong_arguments("set_ext");
    }
    Py_XSETREF(slot->tables->ext_encode, Py_NewRef(args[0]));
    Py_XSETREF(slot->tables->ext_decode, Py_NewRef(args[1]));
    Py_RETURN_NONE;
}

/* finish(outcome, value) -> None, or (why, message) if the value cannot cross. */
static PyObject *
guest_finish(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = own_slot();
    long outcome = nargs == 2 ? PyLong_AsLong(args[0]) : -1;
    if (outcome != ENC_OUTCOME_VALUE && outcome != ENC_OUTCOME_ERROR) {
        return enc_wrong_arguments("finish");
    }
    const char *why = NULL;
    char message[256] = "";
    slot->done.payload.len = 0;
    ENC_POINT(slot, RUN_ENCODING);
    if (!encode_value(slot, args[1], NULL, &slot->done.payload, &why, message)) {
        slot->done.payload.len = 0;
        PyErr_Clear();
        return Py_BuildValue("ss", why != NULL ? why : "error", message);
    }
    ENC_POINT(slot, RUN_ENCODED);
    slot->done.outcome = (int)outcome;
    Py_RETURN_NONE;
}

/* --- Output ---------------------------------------------------------------------------------------------------------- */

static bool
append(enc_buffer *b, const char *text, size_t len)
{
    if (b->cap - b->len < len && !enc_buffer_grow(b, len, SIZE_MAX)) {
        return false;
    }
    if (len != 0) {
        memcpy(b->data + b->len, text, len);
    }
    b->len += len;
    return true;
}

/* The guest has sent too much.  It is left here if that is possible; otherwise the exception goes up until it is. */
static PyObject *
too_much(enc_slot *slot, int reason)
{
    enc_halt_self(slot, reason);
    PyErr_SetString(PyExc_RuntimeError, "the run is being ended: it has sent too much");
    return NULL;
}

/* emit(stream, text) */
static PyObject *
guest_emit(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = own_slot();
    long stream = nargs == 2 ? PyLong_AsLong(args[0]) : -1;
    if (stream < 1 || stream > 2 || !PyUnicode_Check(args[1])) {
        return enc_wrong_arguments("emit");
    }
    PyObject *owned = NULL;
    Py_ssize_t len;
    const char *text = PyUnicode_AsUTF8AndSize(args[1], &len);
    if (text == NULL) {
        PyErr_Clear(); /* a lone surrogate */
        owned = PyUnicode_AsEncodedString(args[1], "utf-8", "backslashreplace");
        if (owned == NULL) {
            return NULL;
        }
        text = PyBytes_AS_STRING(owned);
        len = PyBytes_GET_SIZE(owned);
    }
    enc_done *done = &slot->done;
    size_t room = SIZE_MAX, take = (size_t)len;
    if (slot->job.max_output_bytes != 0) {
        room = slot->job.max_output_bytes - done->out[0].len - done->out[1].len;
    }
    bool over = take > room;
    done->messages++;
    done->output_calls++;
    if (slot->job.max_output_calls != 0 && done->output_calls > slot->job.max_output_calls) {
        over = true;
        room = 0;
    }
    if (over) {
        /* Up to the limit, and not in the middle of a character. */
        take = room;
        while (take > 0 && ((unsigned char)text[take] & 0xc0) == 0x80) {
            take--;
        }
    }
    else if (!enc_bucket_take(&slot->messages, enc_now(), enc_message_share(take, 0))) {
        Py_XDECREF(owned);
        return too_much(slot, ENC_HALT_FLOOD);
    }
    ENC_POINT(slot, RUN_WRITING);
    slot->critical++;
    bool ok = append(&done->out[stream - 1], text, take);
    if (slot->job.stream && take != 0) {
        enc_mutex_lock(&slot->lock);
        ok = enc_emit_event(slot, ENC_EVENT_OUTPUT, (uint64_t)stream, text, take) && ok;
        enc_mutex_unlock(&slot->lock);
    }
    slot->critical--;
    ENC_POINT(slot, RUN_WRITTEN);
    Py_XDECREF(owned);
    if (over) {
        enc_halt_self(slot, ENC_HALT_OUTPUT);
    }
    if (!ok) {
        return PyErr_NoMemory();
    }
    Py_RETURN_NONE;
}

/* --- Tools --------------------------------------------------------------------------------------------------------------

   A call is posted, and sent when the guest next looks for answers: by then it is known whether the guest waits for this
   one alone, which the host serves without another thread. */

#define MAX_TOOL_NAME 256 /* characters; the host's limit too */

/* How many items a message that is posted now may have: with more it would be a flood when it is sent. */
static size_t
items_left(const enc_slot *slot)
{
    int64_t left = enc_bucket_left(&slot->messages, enc_now()) - slot->calls.posted;
    if (left >= enc_bucket_most(&slot->messages)) {
        return SIZE_MAX;
    }
    return left > 0 ? (size_t)(left / ENC_ITEM_SHARE) : 0;
}

/* A call that cannot be made counts as well, or it could be tried without end.  What failed for its type is tried again
   by the guest's runtime, which may have to learn that type first: the attempt takes what it took, and no whole token. */
static PyObject *
not_posted(enc_slot *slot, const char *why, const char *message, size_t items)
{
    PyErr_Clear();
    int64_t share = enc_message_share(0, items);
    bool free_of_charge = strcmp(why, "type") == 0 && share < slot->messages.interval;
    if (!free_of_charge && !enc_bucket_take(&slot->messages, enc_now(), share)) {
        return too_much(slot, ENC_HALT_FLOOD);
    }
    return Py_BuildValue("ss", why, message);
}

/* post(name, arguments) -> the call's id; (why, message) if they cannot cross. */
static PyObject *
guest_post(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = own_slot();
    if (nargs != 2 || !PyUnicode_Check(args[0])) {
        return enc_wrong_arguments("post");
    }
    Py_ssize_t name_len = PyUnicode_GET_LENGTH(args[0]);
    const char *name =
        name_len != 0 && name_len <= MAX_TOOL_NAME ? PyUnicode_AsUTF8AndSize(args[0], &name_len) : NULL;
    if (name == NULL) {
        return not_posted(slot, "name", "a tool's name has 1 to 256 printable characters", 0);
    }
    const char *why = NULL;
    char message[256] = "";
    /* Freed with the run's other buffers if a halt comes in between: it is kept where finish_run() finds it. */
    enc_buffer *arguments = &slot->done.payload;
    arguments->len = 0;
    size_t items = items_left(slot);
    bool crosses = encode_value(slot, args[1], &items, arguments, &why, message);
    bool flood = !crosses && strcmp(why, "items") == 0;
    if (!crosses && !flood) {
        return not_posted(slot, why, message, items);
    }
    slot->done.tool_calls++;
    slot->done.messages++;
    if (slot->job.max_tool_calls != 0 && slot->done.tool_calls > slot->job.max_tool_calls) {
        return too_much(slot, ENC_HALT_TOOL_CALLS);
    }
    if (flood) {
        return too_much(slot, ENC_HALT_FLOOD);
    }
    ENC_POINT(slot, RUN_POSTING);
    slot->critical++;
    uint64_t id = 0;
    bool room = true;
    enc_event *event = enc_event_make(ENC_EVENT_ASYNC_CALL, 0, arguments->data, arguments->len);
    if (event != NULL && (event->name = malloc((size_t)name_len)) != NULL) {
        memcpy(event->name, name, (size_t)name_len);
        event->name_len = (size_t)name_len;
        enc_mutex_lock(&slot->lock);
        event->share = enc_message_share(event->len, items);
        /* What is in the post counts like memory of the guest's: it would be a way around the limit otherwise. */
        room = slot->calls.bytes + event->len <= slot->memory_limit &&
               (slot->job.max_pending_calls == 0 || slot->calls.count < slot->job.max_pending_calls);
        int64_t price = enc_bucket_price(&slot->messages, event->share);
        enc_call *call = room ? enc_calls_post(&slot->calls, event, price) : NULL;
        id = call != NULL ? call->id : 0;
        enc_mutex_unlock(&slot->lock);
    }
    if (id == 0 && event != NULL) {
        enc_event_free(event);
    }
    slot->critical--;
    arguments->len = 0;
    if (!room) {
        return too_much(slot, ENC_HALT_FLOOD);
    }
    return id != 0 ? PyLong_FromUnsignedLongLong(id) : PyErr_NoMemory();
}

/* Send what is posted.  Does the guest now wait `forever` for the call `id` (0: for any, and there is only one), it does
   nothing else until that one is answered, and the host is told so.  false: one message too many. */
static bool
send_posted(enc_slot *slot, uint64_t id, bool forever)
{
    bool flood = false;
    slot->critical++;
    enc_mutex_lock(&slot->lock);
    for (enc_call *call = slot->calls.first; call != NULL && !flood; call = call->next) {
        if (call->state != ENC_CALL_POSTED) {
            continue;
        }
        flood = !enc_bucket_take(&slot->messages, enc_now(), call->message->share);
        if (!flood) {
            bool alone = forever && (id != 0 ? call->id == id : slot->calls.count == 1);
            call->message->kind = alone ? ENC_EVENT_TOOL_CALL : ENC_EVENT_ASYNC_CALL;
            enc_event_queue(slot, enc_calls_send(&slot->calls, call));
        }
    }
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
    return !flood;
}

static PyObject *
take_answer(enc_slot *slot, enc_call *call)
{
    /* A halt in between leaks nothing: what is still in the list is freed after the run. */
    PyObject *value = decode_value(slot, call->answer, call->answer_len);
    unsigned long long id = call->id;
    bool ok = call->ok;
    slot->critical++;
    enc_mutex_lock(&slot->lock);
    enc_calls_remove(&slot->calls, call);
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
    return value == NULL ? NULL : Py_BuildValue("KON", id, ok ? Py_True : Py_False, value);
}

/* take(id or None for any, seconds or None for ever) -> (id, ok, value); None when the time is over. */
static PyObject *
guest_take(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = own_slot();
    if (nargs != 2) {
        return enc_wrong_arguments("take");
    }
    uint64_t id = args[0] != Py_None ? PyLong_AsUnsignedLongLong(args[0]) : 0;
    double seconds = args[1] != Py_None ? PyFloat_AsDouble(args[1]) : 0;
    if (PyErr_Occurred()) {
        return NULL;
    }
    bool forever = args[1] == Py_None;
    int64_t deadline = forever ? 0 : enc_now() + enc_seconds_to_ns(seconds);
    if (!send_posted(slot, id, forever)) {
        return too_much(slot, ENC_HALT_FLOOD);
    }
    for (;;) {
        uint32_t seen = enc_reply_seq_or_halt(slot);
        slot->critical++;
        enc_mutex_lock(&slot->lock);
        enc_call *call =
            args[0] != Py_None ? enc_calls_find(&slot->calls, id) : enc_calls_answered(&slot->calls);
        bool there = call != NULL && call->state == ENC_CALL_ANSWERED;
        if (there) {
            call->state = ENC_CALL_TAKEN;
        }
        enc_mutex_unlock(&slot->lock);
        slot->critical--;
        if (there) {
            ENC_POINT(slot, RUN_ANSWERED);
            return take_answer(slot, call);
        }
        if (call == NULL && args[0] != Py_None) {
            PyErr_SetString(PyExc_ValueError, "take(): no such call is outstanding");
            return NULL;
        }
        if (deadline != 0 && enc_now() >= deadline) {
            Py_RETURN_NONE;
        }
        ENC_POINT(slot, RUN_ASKING);
        enc_futex_wait(&slot->reply_seq, seen, deadline);
    }
}

/* forget(id): nobody waits for that answer any more. */
static PyObject *
guest_forget(PyObject *Py_UNUSED(module), PyObject *arg)
{
    enc_slot *slot = own_slot();
    uint64_t id = PyLong_AsUnsignedLongLong(arg);
    if (PyErr_Occurred()) {
        return NULL;
    }
    slot->critical++;
    enc_mutex_lock(&slot->lock);
    enc_call *call = enc_calls_find(&slot->calls, id);
    if (call != NULL) {
        enc_calls_forget(&slot->calls, call);
    }
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
    Py_RETURN_NONE;
}

/* --- The library ---------------------------------------------------------------------------------------------------------- */

/* load(name) -> (code, package) of a module in the host's library, or None */
static PyObject *
guest_load(PyObject *Py_UNUSED(module), PyObject *name)
{
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    const enc_library_entry *entry = text != NULL ? enc_library_find(text) : NULL;
    if (entry == NULL) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    own_slot()->loading = 1; /* marshal.loads is refused otherwise */
    PyObject *code = PyMarshal_ReadObjectFromString((const char *)entry->data, (Py_ssize_t)entry->len);
    ENC_POINT(own_slot(), RUN_IMPORTING);
    own_slot()->loading = 0;
    return code != NULL ? Py_BuildValue("NO", code, entry->package ? Py_True : Py_False) : NULL;
}

/* data(name) -> bytes that the host has put into the library, or None */
static PyObject *
guest_data(PyObject *Py_UNUSED(module), PyObject *name)
{
    const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    const enc_library_entry *entry = text != NULL ? enc_library_find(text) : NULL;
    if (entry == NULL) {
        PyErr_Clear();
        Py_RETURN_NONE;
    }
    return PyBytes_FromStringAndSize((const char *)entry->data, (Py_ssize_t)entry->len);
}

/* --- Loading extension modules --------------------------------------------------------------------------------------------

   The guest's runtime puts this in the place of _imp.create_dynamic() and _imp.create_builtin().

   A module that an isolated interpreter cannot hold may find that out too late: one with single-phase initialisation
   has its init function called first, and its static types then point into the range.  So only modules that the host
   has loaded and found fit are let through.  And a library's constructors and a module's init function run below the
   loader, which holds its lock: no halt may leave from there. */
static PyObject *
guest_guarded(PyObject *function, PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = own_slot();
    PyObject *name = nargs >= 1 ? PyObject_GetAttrString(args[0], "name") : NULL;
    const char *text = name != NULL && PyUnicode_CheckExact(name) ? PyUnicode_AsUTF8(name) : NULL;
    if (text == NULL || !enc_extension_approved(text, slot->guarded && !ENC_WITHOUT(ENC_PART_MODULES))) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_ImportError,
                         "module %R is not to be had in an enclave: an isolated interpreter cannot load it, "
                         "or the host "
                         "has not prepared it",
                         name != NULL ? name : Py_None);
        }
        Py_XDECREF(name);
        return NULL;
    }
    slot->tables->strangers |= slot->trusted && enc_extension_is_stranger(text);
    Py_DECREF(name);
    slot->critical++;
    PyObject *result = PyObject_Vectorcall(function, args, (size_t)nargs, NULL);
    slot->critical--;
    return result;
}

static PyMethodDef guarded_def = {"create_extension", (PyCFunction)(void (*)(void))guest_guarded,
                                  METH_FASTCALL, NULL};

/* guard(function) -> the same for approved modules, and never left half-way */
static PyObject *
guest_guard(PyObject *Py_UNUSED(module), PyObject *function)
{
    return PyCFunction_New(&guarded_def, function);
}

/* set_coroutine_code(code): that of types.coroutine() */
static PyObject *
guest_set_coroutine_code(PyObject *Py_UNUSED(module), PyObject *code)
{
    enc_slot *slot = own_slot();
    if (slot->guarded) {
        return enc_wrong_arguments("set_coroutine_code");
    }
    Py_XSETREF(slot->tables->coroutine_code, Py_NewRef(code));
    Py_RETURN_NONE;
}

#ifdef ENCLAVE_TESTING
PyObject *enc_testing_guest_step(PyObject *module, PyObject *args); /* testing_steps.c */
#endif

static PyMethodDef methods[] = {
    {"decode", guest_decode, METH_O, NULL},
    {"set_ext", (PyCFunction)(void (*)(void))guest_set_ext, METH_FASTCALL, NULL},
    {"finish", (PyCFunction)(void (*)(void))guest_finish, METH_FASTCALL, NULL},
    {"emit", (PyCFunction)(void (*)(void))guest_emit, METH_FASTCALL, NULL},
    {"post", (PyCFunction)(void (*)(void))guest_post, METH_FASTCALL, NULL},
    {"take", (PyCFunction)(void (*)(void))guest_take, METH_FASTCALL, NULL},
    {"forget", guest_forget, METH_O, NULL},
    {"guard", guest_guard, METH_O, NULL},
    {"set_coroutine_code", guest_set_coroutine_code, METH_O, NULL},
    {"load", guest_load, METH_O, NULL},
    {"data", guest_data, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

PyObject *
enc_guest_module(enc_slot *slot)
{
    PyObject *name = PyUnicode_FromString("_enclave");
    PyObject *module = name != NULL ? PyModule_NewObject(name) : NULL;
    Py_XDECREF(name);
    if (module != NULL &&
        (PyModule_AddFunctions(module, methods) < 0 || enc_guest_script_init(module) < 0 ||
         PyModule_AddIntConstant(module, "library", slot->policy && !ENC_WITHOUT(ENC_PART_MODULES)) < 0)) {
        Py_CLEAR(module);
    }
#ifdef ENCLAVE_TESTING
    static PyMethodDef stepping[] = {{"step", enc_testing_guest_step, METH_VARARGS, NULL},
                                     {NULL, NULL, 0, NULL}};
    if (module != NULL && !slot->policy && PyModule_AddFunctions(module, stepping) < 0) {
        Py_CLEAR(module);
    }
#endif
    if (module != NULL && slot->trusted && enc_guest_task_init(slot, module) < 0) {
        Py_CLEAR(module);
    }
    return module;
}
