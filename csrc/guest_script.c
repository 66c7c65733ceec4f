/* What the guest's runtime does with a script before it runs: its code, the limit of its loops, other addresses for its
   objects.  Part of `_enclave`; see module_guest.c. */

#include "core.h"
#include "host.h"

#include <marshal.h>
#include <stdlib.h>

/* --- Code ------------------------------------------------------------------------------------------------------------- */

/* (source, filename, counts, ...); false: it is nothing to be kept, as a text that is no UTF-8. */
static bool
key_from(PyObject *const *args, enc_code_key *key)
{
    Py_ssize_t source_len = 0, filename_len = 0;
    if (!PyUnicode_Check(args[0]) || !PyUnicode_Check(args[1])) {
        return false;
    }
    key->source = PyUnicode_AsUTF8AndSize(args[0], &source_len);
    key->filename = key->source != NULL ? PyUnicode_AsUTF8AndSize(args[1], &filename_len) : NULL;
    key->source_len = (size_t)source_len;
    key->filename_len = (size_t)filename_len;
    key->counts = args[2] == Py_True;
    PyErr_Clear();
    return key->filename != NULL;
}

/* recall(source, filename, counts) -> what was remembered, or None */
static PyObject *
guest_recall(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = enc_current_slot;
    enc_code_key key;
    if (nargs != 3) {
        return enc_wrong_arguments("recall");
    }
    if (slot->codes == NULL || !key_from(args, &key)) {
        Py_RETURN_NONE;
    }
    slot->critical++;
    bool found = enc_code_cache_get(slot->codes, &key, &slot->code_copy);
    slot->critical--;
    if (!found) {
        Py_RETURN_NONE;
    }
    slot->loading = 1; /* else the policy refuses it */
    PyObject *code = PyMarshal_ReadObjectFromString(slot->code_copy.data, (Py_ssize_t)slot->code_copy.len);
    slot->loading = 0;
    return code;
}

/* remember(source, filename, counts, code) -> may it be kept?  For all slots of the enclave, if it was compiled in an
   interpreter that was as new; else False.  What the compiler warned about is not kept: it is to be said each time. */
static PyObject *
guest_remember(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t nargs)
{
    enc_slot *slot = enc_current_slot;
    enc_code_key key;
    if (nargs != 4) {
        return enc_wrong_arguments("remember");
    }
    if (slot->done.output_calls != 0) {
        Py_RETURN_TRUE;
    }
    if (slot->codes == NULL || !slot->at_birth) {
        Py_RETURN_FALSE;
    }
    slot->loading = 1;
    PyObject *data = key_from(args, &key) ? PyMarshal_WriteObjectToString(args[3], Py_MARSHAL_VERSION) : NULL;
    slot->loading = 0;
    PyErr_Clear();
    if (data != NULL) {
        slot->critical++;
        enc_code_cache_put(slot->codes, &key, PyBytes_AS_STRING(data), (size_t)PyBytes_GET_SIZE(data));
        slot->critical--;
        Py_DECREF(data);
    }
    Py_RETURN_TRUE;
}

/* --- Before it begins ---------------------------------------------------------------------------------------------- */

/* Taken from the allocator's free blocks and from the interpreter's own lists of free objects; nobody has it. */
static void
take_some(void)
{
    for (size_t size = 16; size <= 416; size += 16) {
        (void)!PyObject_Malloc(size);
        if (size <= 64) { /* of these the runtime itself frees some in between */
            (void)!PyObject_Malloc(size);
            (void)!PyObject_Malloc(size);
        }
    }
    (void)!PyObject_Malloc(2 * sizeof(void *) + sizeof(PyHeapTypeObject) + sizeof(PyMemberDef));
    PyObject *const some[] = {PyList_New(0), PyDict_New(), PyTuple_New(1), PyTuple_New(2), PyTuple_New(3)};
    for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++) {
        if (some[i] != NULL) {
            PyObject_GC_UnTrack(some[i]);
        }
    }
    (void)!PyFloat_FromDouble(0.5);
}

/* stir(): called right before a script.  New objects do not land where the run before had its own: addresses, and hashes
   made of them, differ between runs as they do between processes.  The sizes of small objects, instances and classes are
   moved on by a few; no others, for a page that one run in seven writes is copied back after all of them.  What is taken
   goes with the rewind. */
static PyObject *
guest_stir(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(none))
{
    enc_slot *slot = enc_current_slot;
    if (slot->at_birth) {
        slot->at_birth = false;
        for (uint64_t n = slot->run_count % 7; n > 0; n--) {
            take_some();
        }
        PyErr_Clear();
    }
    Py_RETURN_NONE;
}

/* counts_turns() -> whether the run has a limit of them */
static PyObject *
guest_counts_turns(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(none))
{
    return PyBool_FromLong(enc_current_slot->job.max_iterations != 0);
}

/* turn() -> True: one turn of a loop.  The loops of scripts have it among their constants, so it carries no module. */
static PyObject *
guest_turn(PyObject *Py_UNUSED(self), PyObject *const *Py_UNUSED(args), Py_ssize_t Py_UNUSED(nargs))
{
    enc_slot *slot = enc_current_slot;
    if (++slot->done.iterations > slot->job.max_iterations && slot->job.max_iterations != 0) {
        enc_halt_self(slot, ENC_HALT_ITERATIONS);
    }
    Py_RETURN_TRUE;
}

static PyMethodDef turn_def = {"turn", (PyCFunction)(void (*)(void))guest_turn, METH_FASTCALL, NULL};

static PyMethodDef methods[] = {
    {"recall", (PyCFunction)(void (*)(void))guest_recall, METH_FASTCALL, NULL},
    {"remember", (PyCFunction)(void (*)(void))guest_remember, METH_FASTCALL, NULL},
    {"stir", guest_stir, METH_NOARGS, NULL},
    {"counts_turns", guest_counts_turns, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

int
enc_guest_script_init(PyObject *module)
{
    PyObject *turn = PyCFunction_New(&turn_def, NULL);
    int rc = turn == NULL || PyModule_AddFunctions(module, methods) < 0
                 ? -1
                 : PyModule_AddObjectRef(module, "turn", turn);
    Py_XDECREF(turn);
    return rc;
}
