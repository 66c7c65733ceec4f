/* `Interruptible`: a call that other threads may end by an exception, where it does not catch that (adapter "inline").

   CPython raises an exception in a thread at the next safe point of whatever Python code that thread is in by then
   (PyThreadState_SetAsyncExc).  Here it is asked for only while the thread is inside the call and not in a callback of
   the host's, and is taken back when the call is left: both in C and with the GIL held throughout, so there is no
   moment at which it could strike the host's own code instead.

   What nobody can catch, the exception above raised in a finalizer for one, CPython gives to sys.unraisablehook, in the
   midst of the call.  While calls are under way there stands a hook of ours in its place, which leaves those of the
   calls to whoever made them and all others to the hook that stood there before.

   Ownership: all of it is read and written with the main interpreter's GIL held. */

#include "core.h"
#include "host.h"

typedef struct {
    PyObject_HEAD
    PyObject *exception;  /* what is raised at first */
    PyObject *again;      /* and what afterwards */
    bool once;            /* the first was raised */
    unsigned long thread; /* in run(); 0 if none is */
    bool armed;           /* it is in the call itself */
    bool asked;           /* the call is to end, now or when the host's callback returns */
    bool raised;          /* asked of CPython, and perhaps not delivered yet */
    PyObject *unraisable; /* borrowed for run(): called with what nobody can catch */
} interruptible;

static __thread interruptible *innermost; /* of the calls under way on this thread */
static unsigned calls_under_way;

static void
take_back(interruptible *self)
{
    if (self->raised) {
        self->raised = false;
        PyThreadState_SetAsyncExc(self->thread, NULL);
    }
}

static PyObject *
next_exception(interruptible *self)
{
    PyObject *exception = self->once ? self->again : self->exception;
    self->once = true;
    return exception;
}

static PyObject *
leave(interruptible *self)
{
    self->asked = true;
    PyErr_SetNone(next_exception(self));
    return NULL;
}

static PyObject *
interruptible_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    PyObject *exception, *again;
    if (!PyArg_ParseTuple(args, "OO:Interruptible", &exception, &again)) {
        return NULL;
    }
    if (!PyExceptionClass_Check(exception) || !PyExceptionClass_Check(again)) {
        PyErr_SetString(PyExc_TypeError, "Interruptible(): expected two exception classes");
        return NULL;
    }
    interruptible *self = (interruptible *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->exception = Py_NewRef(exception);
        self->again = Py_NewRef(again);
    }
    return (PyObject *)self;
}

static int
interruptible_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(((interruptible *)op)->exception);
    Py_VISIT(((interruptible *)op)->again);
    return 0;
}

static int
interruptible_clear(PyObject *op)
{
    Py_CLEAR(((interruptible *)op)->exception);
    Py_CLEAR(((interruptible *)op)->again);
    return 0;
}

static void
interruptible_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    interruptible_clear(op);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *
report_unraisable(PyObject *before, PyObject *report)
{
    interruptible *call = innermost;
    if (call == NULL || !call->armed) {
        return PyObject_CallOneArg(before, report);
    }
    PyObject *done = PyObject_CallOneArg(call->unraisable, report);
    if (done == NULL) {
        PyErr_Clear(); /* interrupted, most likely: it will be told again */
    }
    Py_XDECREF(done);
    Py_RETURN_NONE;
}

static PyMethodDef unraisable_hook = {"unraisablehook", report_unraisable, METH_O, NULL};

static bool
is_our_hook(PyObject *hook)
{
    return hook != NULL && PyCFunction_Check(hook) && PyCFunction_GetFunction(hook) == report_unraisable;
}

/* Every hook of ours knows the one before it: others may have put theirs before ours, and call it. */
static int
hook_in(void)
{
    if (calls_under_way == 0) {
        PyObject *before = PySys_GetObject("unraisablehook");
        if (before != NULL && !is_our_hook(before)) {
            PyObject *hook = PyCFunction_New(&unraisable_hook, before);
            int rc = hook == NULL ? -1 : PySys_SetObject("unraisablehook", hook);
            Py_XDECREF(hook);
            if (rc < 0) {
                return -1;
            }
        }
    }
    calls_under_way++;
    return 0;
}

static void
hook_out(void)
{
    if (--calls_under_way > 0) {
        return;
    }
    PyObject *hook = PySys_GetObject("unraisablehook");
    if (is_our_hook(hook)) {
        PyObject *error = PyErr_GetRaisedException();
        PyObject *before = Py_NewRef(PyCFunction_GetSelf(hook));
        if (PySys_SetObject("unraisablehook", before) < 0) {
            PyErr_Clear(); /* it stays, and calls the other */
        }
        Py_DECREF(before);
        PyErr_SetRaisedException(error);
    }
}

static PyObject *
interruptible_run(PyObject *op, PyObject *const *args, Py_ssize_t nargs)
{
    interruptible *self = (interruptible *)op;
    if (nargs < 2) {
        PyErr_SetString(PyExc_TypeError, "run(): expected a hook, a function and its arguments");
        return NULL;
    }
    if (self->thread != 0) {
        PyErr_SetString(PyExc_RuntimeError, "run() was called while another call is under way");
        return NULL;
    }
    if (self->asked) {
        return leave(self);
    }
    if (hook_in() < 0) {
        return NULL;
    }
    interruptible *outer = innermost;
    innermost = self;
    self->unraisable = args[0];
    self->thread = PyThread_get_thread_ident();
    self->armed = true;
    PyObject *result = PyObject_Vectorcall(args[1], args + 2, (size_t)(nargs - 2), NULL);
    self->armed = false;
    take_back(self);
    self->thread = 0;
    self->unraisable = NULL;
    innermost = outer;
    hook_out();
    return result;
}

static PyObject *
interruptible_host(PyObject *op, PyObject *const *args, Py_ssize_t nargs)
{
    interruptible *self = (interruptible *)op;
    if (nargs < 1) {
        PyErr_SetString(PyExc_TypeError, "host(): expected a function and its arguments");
        return NULL;
    }
    /* Another thread that the call has started is none of ours; in a callback already, there is nothing to disarm. */
    bool mine = self->armed && self->thread == PyThread_get_thread_ident();
    if (mine) {
        self->armed = false;
        take_back(self);
    }
    PyObject *result = PyObject_Vectorcall(args[0], args + 1, (size_t)(nargs - 1), NULL);
    if (mine) {
        self->armed = true;
        if (self->asked && result != NULL) {
            Py_DECREF(result);
            return leave(self);
        }
    }
    return result;
}

static PyObject *
interruptible_interrupt(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    interruptible *self = (interruptible *)op;
    self->asked = true;
    if (self->armed) {
        self->raised = true;
        PyThreadState_SetAsyncExc(self->thread, next_exception(self));
    }
    return PyBool_FromLong(self->armed);
}

static PyObject *
interruptible_leave(PyObject *op, PyObject *Py_UNUSED(ignored))
{
    return leave((interruptible *)op);
}

static PyMethodDef interruptible_methods[] = {
    {"run", (PyCFunction)(void (*)(void))interruptible_run, METH_FASTCALL, NULL},
    {"host", (PyCFunction)(void (*)(void))interruptible_host, METH_FASTCALL, NULL},
    {"leave", interruptible_leave, METH_NOARGS, NULL},
    {"interrupt", interruptible_interrupt, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot interruptible_slots[] = {
    {Py_tp_new, interruptible_new},         {Py_tp_traverse, interruptible_traverse},
    {Py_tp_clear, interruptible_clear},     {Py_tp_dealloc, interruptible_dealloc},
    {Py_tp_methods, interruptible_methods}, {0, NULL},
};

static PyType_Spec interruptible_spec = {
    .name = "enclave_subinterp._native.Interruptible",
    .basicsize = sizeof(interruptible),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = interruptible_slots,
};

int
enc_interruptible_init(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &interruptible_spec, NULL);
    int rc = type == NULL ? -1 : PyModule_AddObjectRef(module, "Interruptible", type);
    Py_XDECREF(type);
    return rc;
}
