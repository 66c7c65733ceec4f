/* The policy on audit events (PEP 578) in slots: denied is what is not listed.

   One hook for the process, which a guest cannot remove.  On other threads, while a slot warms up, and in slots without a
   policy it returns at once.  What it refuses is a PermissionError in the guest; what finds a way round it meets the system
   call filter. */

#include "core.h"

#include <string.h>

/* Nothing of these leads out of the interpreter or breaks what CPython rests on. */
static const char *const allowed[] = {
    "import",
    "compile",
    "exec",
    "object.__getattr__",
    "builtins.id",
    "time.sleep",
    "array.__new__",
    "function.__new__",
    "builtins.input",
    "builtins.input/result",
    "sys._getframe",
    "sys._getframemodulename",
    "sys.excepthook",
    "sys.unraisablehook",
    "sys.set_asyncgen_hook_finalizer",
    "sys.set_asyncgen_hook_firstiter",
    "pickle.find_class",
    "_thread.start_new_thread", /* refused by the interpreter itself, with its own words */
    "_thread.start_joinable_thread",
};

/* What to say; the first prefix that fits. */
static const struct {
    const char *prefix, *why;
} reasons[] = {
    {"open", "there is no file system; io.StringIO and io.BytesIO are files in memory"},
    {"os.", "there are no files and no processes"},
    {"socket.", "there is no network"},
    {"subprocess.", "there are no processes"},
    {"ctypes.", "there is no foreign code"},
    {"code.__new__", "code comes from compile()"},
    {"marshal.", "code comes from compile()"},
    {"gc.", "other objects are not to be looked for"},
    {"object.__setattr__", "a function keeps the code that it was made with"},
    {"object.__delattr__", "a function keeps the code that it was made with"},
};

/* The runtime makes code of its own: it puts the counter into a script's loops (turns.py). */
static bool
in_runtime(const enc_slot *slot)
{
    PyFrameObject *frame = PyEval_GetFrame();
    PyObject *globals = frame != NULL ? PyFrame_GetGlobals(frame) : NULL;
    Py_XDECREF(globals);
    return globals != NULL && globals == slot->tables->runtime_globals;
}

/* types.coroutine() sets a flag of a function's code, and asyncio uses it. */
static bool
in_types_coroutine(const enc_slot *slot)
{
    PyFrameObject *frame = PyEval_GetFrame();
    if (frame == NULL || slot->tables->coroutine_code == NULL) {
        return false;
    }
    PyCodeObject *code = PyFrame_GetCode(frame);
    bool is = (PyObject *)code == slot->tables->coroutine_code;
    Py_DECREF(code);
    return is;
}

static bool
is_allowed(const enc_slot *slot, const char *event, PyObject *args)
{
    for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
        if (strcmp(event, allowed[i]) == 0) {
            return true;
        }
    }
    if (strcmp(event, "object.__setattr__") == 0 || strcmp(event, "object.__delattr__") == 0) {
        PyObject *name = PyTuple_GET_SIZE(args) > 1 ? PyTuple_GET_ITEM(args, 1) : NULL;
        bool code =
            name == NULL || !PyUnicode_Check(name) || PyUnicode_CompareWithASCIIString(name, "__code__") == 0;
        return !code || in_types_coroutine(slot);
    }
    if (strcmp(event, "marshal.loads") == 0 || strcmp(event, "marshal.dumps") == 0) {
        return slot->loading;
    }
    return strcmp(event, "code.__new__") == 0 && (in_types_coroutine(slot) || in_runtime(slot));
}

static int
on_audit(const char *event, PyObject *args, void *Py_UNUSED(data))
{
    const enc_slot *slot = enc_current_slot;
    if (slot == NULL || !slot->guarded || ENC_WITHOUT(ENC_PART_AUDIT) ||
        compat_tstate()->interp != slot->interp || is_allowed(slot, event, args)) {
        return 0;
    }
    const char *why = "it leads out of the interpreter";
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        if (strncmp(event, reasons[i].prefix, strlen(reasons[i].prefix)) == 0) {
            why = reasons[i].why;
            break;
        }
    }
    PyErr_Format(PyExc_PermissionError, "%s is not permitted in an enclave: %s", event, why);
    return -1;
}

int
enc_policy_init(void)
{
    return PySys_AddAuditHook(on_audit, NULL);
}
