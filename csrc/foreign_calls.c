/* What stands in the place of functions of the watched modules in a slot (foreign_modules.c), on the slot's thread.

   makers      functions of the module, and tp_new: what they return is noted
   mutators    before one changes a state that a checkpoint knows, the object gets a copy; the old one is the checkpoint's
   copy        its result is noted
   tp_dealloc  what a checkpoint knows is not freed with the object

   Short calls are made with `critical` raised, so that no halt comes between a state and its note.  Long ones, and those that
   may come to run the guest's own code, can be left; in a maker that loses the one state. */

#include "core.h"
#include "foreign.h"
#include "slot_internal.h"

#define SHORT ((Py_ssize_t)4096)    /* bytes, of what a maker is given */
#define DEEP ((uintptr_t)192 << 10) /* of stack: with less, what others do cannot be critical, */
#define OURS ((uintptr_t)32 << 10)  /* and there has to be this much for what we do */
#define ROOM \
    ((size_t)4096) /* more than such an object takes in the range, or any that a function makes in all */

typedef PyObject *(*fast_call)(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *names);

/* --- In a slot ------------------------------------------------------------------------------------------------------- */

/* Is little left of the stack?  A fault in a critical section would end the process: so where it would come it comes here. */
static inline bool
is_deep(const enc_slot *slot)
{
    if (stack_pointer() - slot->stack_lo >= DEEP) {
        return false;
    }
    need_stack(OURS);
    return true;
}

/* There is room in the account for another one, or the guest is left. */
static inline void
ask_for_room(enc_slot *slot, size_t cost)
{
    if (enc_heap_over(slot->heap, cost + ROOM)) {
        enc_halt_self(slot, ENC_HALT_MEMORY);
        enc_heap_lift(slot->heap, true);
    }
}

/* The end of a section that could not be left: what was to come meanwhile comes now. */
static inline void
leave_section(enc_slot *slot)
{
    if (--slot->critical != 0) {
        return;
    }
    size_t in_use, peak, limit;
    enc_heap_account(slot->heap, &in_use, &peak, &limit);
    if (in_use > limit) { /* from the reserve */
        enc_halt_self(slot, ENC_HALT_MEMORY);
    }
    if (atomic_load_explicit(&slot->halt_reason, memory_order_relaxed) != ENC_HALT_NONE) {
        enc_safe_point(slot);
    }
}

/* The kind that a type is of, or is derived from. */
static enc_foreign_kind *
kind_of(const PyTypeObject *type)
{
    for (; type != NULL; type = type->tp_base) {
        for (size_t i = 0; i < ENC_FOREIGN_KINDS; i++) {
            if (type->tp_dealloc == enc_foreign_deallocs[i]) {
                return &enc_foreign_kinds[i];
            }
        }
    }
    return NULL;
}

/* Note what a maker has made; takes the reference over.  Critical. */
static PyObject *
noted(enc_slot *slot, PyObject *made)
{
    enc_foreign_kind *kind = made != NULL ? kind_of(Py_TYPE(made)) : NULL;
    if (made != NULL && kind == NULL) {
        PyErr_Format(PyExc_SystemError, "nothing is known of objects of type %.200s", Py_TYPE(made)->tp_name);
        Py_CLEAR(made);
    }
    else if (made != NULL && enc_foreign_find(slot, made) == NULL && !enc_foreign_put(slot, kind, made)) {
        PyErr_NoMemory();
        Py_CLEAR(made);
    }
    return made;
}

/* Can working on this neither run code of the guest's nor take long? */
static bool
is_plain(PyObject *const *values, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *v = values[i];
        if (!(v == Py_None || PyBool_Check(v) || PyLong_CheckExact(v) ||
              (PyUnicode_CheckExact(v) && PyUnicode_GET_LENGTH(v) <= SHORT) ||
              (PyBytes_CheckExact(v) && PyBytes_GET_SIZE(v) <= SHORT))) {
            return false;
        }
    }
    return true;
}

#define MAKERS 32
static fast_call makers[MAKERS]; /* theirs */

static PyObject *
make(size_t i, PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *names)
{
    enc_slot *slot = enc_current_slot;
    if (slot == NULL) {
        return makers[i](module, args, nargs, names);
    }
    ask_for_room(slot, 0);
    bool whole = !is_deep(slot) && is_plain(args, nargs + (names != NULL ? PyTuple_GET_SIZE(names) : 0));
    slot->critical += whole;
    PyObject *made = makers[i](module, args, nargs, names);
    slot->critical += !whole;
    made = noted(slot, made);
    leave_section(slot);
    return made;
}

static PyObject *
make_new(size_t i, PyTypeObject *type, PyObject *args, PyObject *named)
{
    enc_slot *slot = enc_current_slot;
    ask_for_room(slot, enc_foreign_kinds[i].cost);
    bool whole = !is_deep(slot) && is_plain(&PyTuple_GET_ITEM(args, 0), PyTuple_GET_SIZE(args));
    PyObject *key, *value;
    for (Py_ssize_t at = 0; whole && named != NULL && PyDict_Next(named, &at, &key, &value);) {
        whole = is_plain(&value, 1);
    }
    slot->critical += whole;
    PyObject *made = enc_foreign_kinds[i].make(type, args, named);
    slot->critical += !whole;
    made = noted(slot, made);
    leave_section(slot);
    return made;
}

/* --- Copies ---------------------------------------------------------------------------------------------------------- */

static PyObject *
call_copy(const enc_foreign_kind *kind, PyObject *self)
{
    if (kind->copy->ml_flags == METH_NOARGS) {
        return kind->copy->ml_meth(self, NULL);
    }
    PyTypeObject *type = Py_TYPE(self); /* the one that the method is of */
    while (type->tp_dealloc != enc_foreign_deallocs[kind - enc_foreign_kinds]) {
        type = type->tp_base;
    }
    return ((PyCMethod)(void (*)(void))kind->copy->ml_meth)(self, type, NULL, 0, NULL);
}

static PyObject *
copy_plain(PyObject *self, PyObject *Py_UNUSED(none))
{
    enc_slot *slot = enc_current_slot;
    const enc_foreign_kind *kind = kind_of(Py_TYPE(self));
    ask_for_room(slot, kind->cost);
    bool whole = !is_deep(slot);
    slot->critical += whole;
    PyObject *made = call_copy(kind, self);
    slot->critical += !whole;
    made = noted(slot, made);
    leave_section(slot);
    return made;
}

static PyObject *
copy_by_class(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t nargs, PyObject *names)
{
    if (nargs != 0 || (names != NULL && PyTuple_GET_SIZE(names) != 0)) { /* an error of the caller's */
        const enc_foreign_kind *kind = kind_of(Py_TYPE(self));
        return ((PyCMethod)(void (*)(void))kind->copy->ml_meth)(self, type, args, nargs, names);
    }
    return copy_plain(self, NULL);
}

/* The object goes without its state. */
static void
free_shell(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (PyType_IS_GC(type)) {
        PyObject_GC_UnTrack(self);
    }
    type->tp_free(self);
    Py_DECREF(type);
}

static void
exchange_bodies(const enc_foreign_kind *kind, PyObject *one, PyObject *other)
{
    uintptr_t *a = (uintptr_t *)one, *b = (uintptr_t *)other;
    for (size_t i = sizeof(PyObject) / sizeof(*a); i < kind->size / sizeof(*a); i++) {
        uintptr_t word = a[i];
        a[i] = b[i];
        b[i] = word;
    }
}

/* A checkpoint knows the object's state: the object goes on with a copy of it. */
static int
copy_on_write(enc_slot *slot, enc_foreign_kind *kind, PyObject *self)
{
    ask_for_room(slot, kind->cost);
    if (is_deep(slot)) {
        PyErr_SetString(PyExc_RecursionError, "too deep for a copy of a state that a checkpoint knows");
        return -1;
    }
    slot->critical++;
    int rc = -1;
    PyObject *other = call_copy(kind, self);
    if (other != NULL) {
        exchange_bodies(kind, self, other);
        if (enc_foreign_put(slot, kind, self)) {
            free_shell(other);
            rc = 0;
        }
        else {
            exchange_bodies(kind, self, other);
            Py_DECREF(other);
            PyErr_NoMemory();
        }
    }
    leave_section(slot);
    return rc;
}

/* --- Changes --------------------------------------------------------------------------------------------------------- */

/* Before the object's state is changed; NULL: an exception is set. */
static enc_foreign_kind *
kind_to_change(PyObject *self)
{
    enc_slot *slot = enc_current_slot;
    enc_foreign_kind *kind = kind_of(Py_TYPE(self));
    enc_foreign_state *state = enc_foreign_find(slot, self);
    if (state != NULL && state->marks != 0) {
        if (kind->copy == NULL) {
            state->changed = true;
        }
        else if (copy_on_write(slot, kind, self) < 0) {
            return NULL;
        }
    }
    return kind;
}

#define CHANGE(n)                                                                                      \
    static PyObject *change_one_##n(PyObject *self, PyObject *arg)                                     \
    {                                                                                                  \
        const enc_foreign_kind *kind = kind_to_change(self);                                           \
        return kind != NULL ? kind->mutators[n]->ml_meth(self, arg) : NULL;                            \
    }                                                                                                  \
    static PyObject *change_fast_##n(PyObject *self, PyObject *const *args, Py_ssize_t nargs,          \
                                     PyObject *names)                                                  \
    {                                                                                                  \
        const enc_foreign_kind *kind = kind_to_change(self);                                           \
        return kind != NULL                                                                            \
                   ? ((fast_call)(void (*)(void))kind->mutators[n]->ml_meth)(self, args, nargs, names) \
                   : NULL;                                                                             \
    }
CHANGE(0)
CHANGE(1)
CHANGE(2)

static const PyCFunction change_one[] = {change_one_0, change_one_1, change_one_2};
static const fast_call change_fast[] = {change_fast_0, change_fast_1, change_fast_2};

/* --- The end of an object -------------------------------------------------------------------------------------------- */

static void
unmake(size_t i, PyObject *self)
{
    enc_slot *slot = enc_current_slot;
    bool deep = is_deep(slot);
    slot->critical++;
    enc_foreign_state *state = enc_foreign_take(slot, self);
    if (state != NULL && state->kind->copy != NULL) {
        free_shell(self);
    }
    else {
        if (state != NULL) {
            state->changed = state->released = true; /* what knows it cannot be gone back to */
        }
        slot->critical -= deep;
        enc_foreign_kinds[i].dealloc(self);
        slot->critical += deep;
    }
    leave_section(slot);
}

/* Functions that know their number. */
#define TIMES_8(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define FOR_KINDS(X) TIMES_8(X, 0) TIMES_8(X, 01) X(020) X(021) X(022) X(023) X(024)
#define FOR_MAKERS(X) TIMES_8(X, 0) TIMES_8(X, 01) TIMES_8(X, 02) TIMES_8(X, 03)

#define OUR_KIND(n)                                                                    \
    static void unmake_##n(PyObject *self)                                             \
    {                                                                                  \
        unmake(n, self);                                                               \
    }                                                                                  \
    static PyObject *make_new_##n(PyTypeObject *type, PyObject *args, PyObject *named) \
    {                                                                                  \
        return make_new(n, type, args, named);                                         \
    }
FOR_KINDS(OUR_KIND)

#define OUR_MAKER(n)                                                                                      \
    static PyObject *make_##n(PyObject *module, PyObject *const *args, Py_ssize_t nargs, PyObject *names) \
    {                                                                                                     \
        return make(n, module, args, nargs, names);                                                       \
    }
FOR_MAKERS(OUR_MAKER)

#define UNMAKE(n) unmake_##n,
#define MAKE_NEW(n) make_new_##n,
#define MAKE(n) make_##n,
const destructor enc_foreign_deallocs[] = {FOR_KINDS(UNMAKE)};
const newfunc enc_foreign_news[] = {FOR_KINDS(MAKE_NEW)};
static const fast_call our_makers[] = {FOR_MAKERS(MAKE)};
_Static_assert(sizeof(enc_foreign_deallocs) / sizeof(*enc_foreign_deallocs) == ENC_FOREIGN_KINDS,
               "a function for each kind");
_Static_assert(sizeof(our_makers) / sizeof(*our_makers) == MAKERS, "a function for each maker");

/* --- For foreign_modules.c ------------------------------------------------------------------------------------------- */

#define FAST (METH_FASTCALL | METH_KEYWORDS)
#define BY_CLASS (METH_METHOD | METH_FASTCALL | METH_KEYWORDS)

bool
enc_foreign_take_methods(enc_foreign_kind *kind)
{
    if (kind->copy != NULL) {
        int flags = kind->copy->ml_flags;
        kind->our_copy = *kind->copy;
        kind->our_copy.ml_meth =
            flags == METH_NOARGS ? copy_plain : (PyCFunction)(void (*)(void))copy_by_class;
        if (flags != METH_NOARGS && flags != BY_CLASS) {
            return false;
        }
    }
    for (size_t i = 0; i < ENC_FOREIGN_MUTATORS && kind->mutators[i] != NULL; i++) {
        int flags = kind->mutators[i]->ml_flags;
        kind->our_mutators[i] = *kind->mutators[i];
        kind->our_mutators[i].ml_meth =
            flags == METH_O ? change_one[i] : (PyCFunction)(void (*)(void))change_fast[i];
        if (flags != METH_O && flags != FAST) {
            return false;
        }
    }
    return true;
}

PyCFunction
enc_foreign_maker(const PyMethodDef *theirs)
{
    fast_call function = (fast_call)(void (*)(void))theirs->ml_meth;
    for (size_t i = 0; i < MAKERS && theirs->ml_flags == FAST; i++) {
        if (makers[i] == NULL) {
            makers[i] = function;
        }
        if (makers[i] == function) {
            return (PyCFunction)(void (*)(void))our_makers[i];
        }
    }
    return NULL;
}
