/* A slot's events as the host's Python sees them: tuples, and `_native.Done` for the end of a run. */

#include "core.h"
#include "host.h"

static PyTypeObject *done_type;

static PyStructSequence_Field done_fields[] = {
    {"outcome", "one of the OUTCOME_ numbers"},
    {"detail", "the HALT_ reason, or the signal's number"},
    {"payload", "the encoded value or error"},
    {"stdout", NULL},
    {"stderr", NULL},
    {"wall_ns", NULL},
    {"cpu_ns", NULL},
    {"halt_ns", "from the decision to halt until the guest was left"},
    {"peak_memory", "bytes"},
    {"tool_calls", NULL},
    {"messages", NULL},
    {"iterations", NULL},
    {"replace", "the slot will not serve again"},
    {"violation", "the name of the system call that was refused first, or None"},
    {"parts", "of a task: the buffers of its answer"},
    {NULL, NULL},
};

#define PAYLOAD 2
#define PARTS 14
static PyStructSequence_Desc done_desc = {"enclave_subinterp._native.Done", "How a run ended.", done_fields,
                                          PARTS + 1};

static PyObject *
buffer_bytes(const enc_buffer *b)
{
    return PyBytes_FromStringAndSize((const char *)b->data, (Py_ssize_t)b->len);
}

static PyObject *
done_object(enc_done *done)
{
    PyObject *result = PyStructSequence_New(done_type);
    if (result == NULL) {
        return NULL;
    }
    bool payload = done->outcome == ENC_OUTCOME_VALUE || done->outcome == ENC_OUTCOME_ERROR;
    PyObject *items[] = {
        PyLong_FromLong(done->outcome),
        PyLong_FromLong(done->detail),
        !payload                        ? Py_NewRef(Py_None)
        : done->payload.len > ENC_LARGE ? enc_host_memory_new()
                                        : buffer_bytes(&done->payload),
        buffer_bytes(&done->out[0]),
        buffer_bytes(&done->out[1]),
        PyLong_FromLongLong(done->wall_ns),
        PyLong_FromLongLong(done->cpu_ns),
        PyLong_FromLongLong(done->halt_ns),
        PyLong_FromSize_t(done->peak_memory),
        PyLong_FromUnsignedLongLong(done->tool_calls),
        PyLong_FromUnsignedLongLong(done->messages),
        PyLong_FromUnsignedLongLong(done->iterations),
        PyBool_FromLong(done->replace),
        done->violation != 0 ? PyUnicode_FromString(enc_sandbox_name(done->violation - 1))
                             : Py_NewRef(Py_None),
        enc_host_memory(done->part_count),
    };
    for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++) {
        if (items[i] == NULL) {
            Py_CLEAR(result);
        }
        if (result != NULL) {
            PyStructSequence_SetItem(result, (Py_ssize_t)i, items[i]);
        }
        else {
            Py_XDECREF(items[i]);
        }
    }
    return result;
}

static PyObject *
event_tuple(enc_event *event)
{
    PyObject *result = NULL;
    switch (event->kind) {
    case ENC_EVENT_DONE: {
        enc_done *done = (enc_done *)event->data;
        PyObject *object = done_object(done);
        if (object != NULL) {
            result = Py_BuildValue("iKOOi", event->kind, (unsigned long long)event->id, object, Py_None, 0);
            if (result != NULL) {
                PyObject *parts = PyStructSequence_GetItem(object, PARTS);
                enc_host_memory_give(parts, done->parts, done->part_count);
                PyObject *payload = PyStructSequence_GetItem(object, PAYLOAD);
                if (payload != Py_None && !PyBytes_CheckExact(payload)) {
                    enc_host_memory_own(payload, &done->payload);
                }
            }
            Py_DECREF(object);
        }
        break;
    }
    case ENC_EVENT_TOOL_CALL:
    case ENC_EVENT_ASYNC_CALL:
        result = Py_BuildValue("iKs#y#L", event->kind, (unsigned long long)event->id, event->name,
                               (Py_ssize_t)event->name_len, event->data, (Py_ssize_t)event->len,
                               (long long)event->share);
        break;
    default:
        result = Py_BuildValue("iKy#OL", event->kind, (unsigned long long)event->id, event->data,
                               (Py_ssize_t)event->len, Py_None, (long long)enc_message_share(event->len, 0));
    }
    return result;
}

PyObject *
enc_event_object(enc_slot *slot, enc_event *event)
{
    PyObject *result = event_tuple(event);
    if (result != NULL) {
        enc_event_free(event);
    }
    else {
        enc_mutex_lock(&slot->lock);
        enc_event_put_back(slot, event);
        enc_mutex_unlock(&slot->lock);
    }
    return result;
}

int
enc_event_object_init(PyObject *module)
{
    if (enc_host_memory_init() < 0) {
        return -1;
    }
    if (done_type == NULL) {
        done_type = PyStructSequence_NewType(&done_desc);
    }
    return done_type == NULL ? -1 : PyModule_AddObjectRef(module, "Done", (PyObject *)done_type);
}
