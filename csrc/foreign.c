/* See foreign.h.  All of it on the slot's thread.

   A state is needed by the present (an object of the guest has it) and by checkpoints, which are counted.  What a rewind
   leaves without either is freed by the function that the type has for that, called with an object made for the occasion:
   its words are those that were noted when the state was made, but for what points into a range.  So it does not matter
   what has become of the guest's own object, and the interpreter in which it is done is the one that was just put back. */

#include "core.h"
#include "foreign.h"
#include "slot_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uintptr_t at; /* of the object, from the range's begin; 0: free */
    enc_foreign_state *state;
} entry;

struct enc_foreign {
    entry *entries;
    size_t capacity, count; /* a power of two */
    enc_foreign_state *doomed;
};

struct enc_foreign_set {
    size_t count, size;
    entry known[];
};

#define LEAST 64

/* --- The table ------------------------------------------------------------------------------------------------------- */

static size_t
place_of(const enc_foreign *f, uintptr_t at)
{
    return (size_t)((at >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 16) & (f->capacity - 1);
}

/* The entry of that object, or the free one where it would stand. */
static entry *
entry_of(const enc_foreign *f, uintptr_t at)
{
    size_t i = place_of(f, at);
    while (f->entries[i].at != 0 && f->entries[i].at != at) {
        i = (i + 1) & (f->capacity - 1);
    }
    return &f->entries[i];
}

static bool
resize(enc_foreign *f, size_t capacity)
{
    enc_foreign old = *f;
    entry *entries = calloc(capacity, sizeof(*entries));
    if (entries == NULL) {
        return false;
    }
    f->entries = entries;
    f->capacity = capacity;
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.entries[i].at != 0) {
            *entry_of(f, old.entries[i].at) = old.entries[i];
        }
    }
    free(old.entries);
    return true;
}

static bool
has_room(enc_foreign *f, size_t more)
{
    size_t capacity = f->capacity != 0 ? f->capacity : LEAST;
    while ((f->count + more) * 4 > capacity * 3) {
        capacity *= 2;
    }
    return capacity == f->capacity || resize(f, capacity);
}

/* Those behind it move up, so that no search ends too early. */
static void
remove_entry(enc_foreign *f, entry *gone)
{
    size_t hole = (size_t)(gone - f->entries), mask = f->capacity - 1;
    for (size_t i = (hole + 1) & mask; f->entries[i].at != 0; i = (i + 1) & mask) {
        size_t wish = place_of(f, f->entries[i].at);
        if (((i - wish) & mask) >= ((i - hole) & mask)) {
            f->entries[hole] = f->entries[i];
            hole = i;
        }
    }
    f->entries[hole] = (entry){0};
    f->count--;
}

enc_foreign_state *
enc_foreign_find(const enc_slot *slot, const PyObject *op)
{
    const enc_foreign *f = slot->foreign;
    return f != NULL && f->count != 0 ? entry_of(f, (uintptr_t)op - slot->base)->state : NULL;
}

/* What points into a range is the guest's, and goes with its range. */
static void
note_words(enc_foreign_state *state, const PyObject *op)
{
    const uintptr_t *words = (const uintptr_t *)op;
    for (size_t i = sizeof(PyObject) / sizeof(*words); i < state->kind->size / sizeof(*words); i++) {
        state->words[i] = enc_region_contains((void *)words[i]) ? 0 : words[i];
    }
}

bool
enc_foreign_put(enc_slot *slot, enc_foreign_kind *kind, PyObject *op)
{
    if (slot->foreign == NULL) {
        slot->foreign = calloc(1, sizeof(*slot->foreign));
    }
    enc_foreign *f = slot->foreign;
    enc_foreign_state *state = f != NULL && has_room(f, 1) ? calloc(1, sizeof(*state) + kind->size) : NULL;
    if (state == NULL) {
        return false;
    }
    state->kind = kind;
    state->current = true;
    note_words(state, op);
    uintptr_t at = state->at = (uintptr_t)op - slot->base;
    entry *e = entry_of(f, at);
    if (e->at == 0) {
        f->count++;
        enc_heap_charge_foreign(slot->heap, kind->cost);
    }
    else {
        e->state->current = false; /* a checkpoint's from now on */
    }
    *e = (entry){at, state};
    return true;
}

enc_foreign_state *
enc_foreign_take(enc_slot *slot, const PyObject *op)
{
    enc_foreign_state *state = enc_foreign_find(slot, op);
    if (state == NULL) {
        return NULL;
    }
    remove_entry(slot->foreign, entry_of(slot->foreign, (uintptr_t)op - slot->base));
    enc_heap_discharge_foreign(slot->heap, state->kind->cost);
    state->current = false;
    if (state->marks == 0) {
        free(state);
        return NULL;
    }
    return state;
}

/* --- Checkpoints ----------------------------------------------------------------------------------------------------- */

bool
enc_foreign_know(const enc_slot *slot, enc_foreign_set **set)
{
    const enc_foreign *f = slot->foreign;
    *set = NULL;
    if (f == NULL || f->count == 0) {
        return true;
    }
    enc_foreign_set *known = malloc(sizeof(*known) + f->count * sizeof(entry));
    if (known == NULL) {
        return false;
    }
    known->count = known->size = 0;
    for (size_t i = 0; i < f->capacity; i++) {
        if (f->entries[i].at != 0) {
            known->known[known->count++] = f->entries[i];
            known->size += f->entries[i].state->kind->cost;
            f->entries[i].state->marks++;
        }
    }
    *set = known;
    return true;
}

size_t
enc_foreign_size(const enc_foreign_set *set)
{
    return set != NULL ? set->size : 0;
}

/* It has lost one who needed it. */
static void
let_go(enc_foreign *f, enc_foreign_state *state)
{
    if (state->marks == 0 && !state->current) {
        state->next = f->doomed;
        f->doomed = state;
    }
}

void
enc_foreign_forget(enc_slot *slot, enc_foreign_set *set)
{
    for (size_t i = 0; set != NULL && i < set->count; i++) {
        set->known[i].state->marks--;
        let_go(slot->foreign, set->known[i].state);
    }
    free(set);
}

/* The present has none any more. */
static void
leave_present(enc_foreign *f)
{
    for (size_t i = 0; f->count != 0 && i < f->capacity; i++) {
        if (f->entries[i].at != 0) {
            f->entries[i].state->current = false;
            let_go(f, f->entries[i].state);
        }
    }
    if (f->capacity > LEAST * 16) {
        free(f->entries);
        f->entries = NULL;
        f->capacity = 0;
    }
    else if (f->count != 0) {
        memset(f->entries, 0, f->capacity * sizeof(*f->entries));
    }
    f->count = 0;
}

bool
enc_foreign_return(enc_slot *slot, const enc_foreign_set *set)
{
    enc_foreign *f = slot->foreign;
    leave_present(f);
    size_t count = set != NULL ? set->count : 0;
    if (count != 0 && !has_room(f, count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        *entry_of(f, set->known[i].at) = set->known[i];
        set->known[i].state->current = true;
    }
    f->count = count;
    return enc_foreign_sweep(slot) && enc_foreign_is_whole(set);
}

bool
enc_foreign_is_whole(const enc_foreign_set *set)
{
    for (size_t i = 0; set != NULL && i < set->count; i++) {
        if (set->known[i].state->changed) {
            return false;
        }
    }
    return true;
}

/* --- Freeing --------------------------------------------------------------------------------------------------------- */

/* Attached. */
static void
free_one(const enc_slot *slot, const enc_foreign_state *state)
{
    enc_foreign_kind *kind = state->kind;
    size_t head = PyType_IS_GC(&kind->stand_in) ? sizeof(PyGC_Head) : 0, size = head + kind->size;
    char saved[sizeof(PyGC_Head) + ENC_FOREIGN_LARGEST];
    char *block = kind->bound ? (char *)slot->base + state->at - head : PyObject_Malloc(size);
    if (block == NULL) {
        enc_count(ENC_COUNT_LOST);
        return;
    }
    if (kind->bound) {
        memcpy(saved, block, size);
    }
    memset(block, 0, head);
    memcpy(block + head, state->words, kind->size);
    Py_SET_TYPE((PyObject *)(block + head), &kind->stand_in);
    kind->dealloc((PyObject *)(block + head));
    if (kind->bound) { /* whatever is there in the present */
        memcpy(block, saved, size);
    }
}

static __attribute__((noinline)) bool
free_doomed(enc_slot *slot)
{
    if (sigsetjmp(slot->landing, 0) != 0) {
        enc_landed(slot);
        slot->critical = 0;
        slot->freeing = 0;
        enc_count(ENC_COUNT_LOST); /* the one that was under way */
        if (compat_tstate() != NULL) {
            PyEval_SaveThread();
        }
        return false;
    }
    slot->critical++; /* no halt: only a crash leaves from here */
    slot->freeing = 1;
    slot->running = 1;
    PyEval_RestoreThread(slot->tstate);
    struct _gc_runtime_state gc = slot->interp->gc; /* it counts what is freed */
    enc_foreign *f = slot->foreign;
    for (enc_foreign_state *state; (state = f->doomed) != NULL;) {
        f->doomed = state->next;
        if (!state->released) {
            free_one(slot, state);
        }
        free(state);
    }
    slot->interp->gc = gc;
    PyEval_SaveThread();
    slot->running = 0;
    slot->freeing = 0;
    slot->critical--;
    enc_heap_lift(slot->heap, false);
    return true;
}

bool
enc_foreign_sweep(enc_slot *slot)
{
    return slot->foreign == NULL || slot->foreign->doomed == NULL || free_doomed(slot);
}

void
enc_foreign_end(enc_slot *slot)
{
    enc_foreign *f = slot->foreign;
    if (f == NULL) {
        return;
    }
    leave_present(f);
    for (enc_mark *mark = slot->marks; mark != NULL; mark = mark->next) {
        enc_foreign_forget(slot, mark->foreign);
        mark->foreign = NULL;
    }
    enc_foreign_forget(slot, slot->born_with);
    slot->born_with = NULL;
    /* Whatever the guest has come to, as new it can hold what frees.  What was never whole has nothing to go back to. */
    if (f->doomed != NULL && slot->rewind != NULL && enc_rewind_restore(slot->rewind, 0)) {
        atomic_store(&slot->remote_frees, NULL);
        enc_foreign_sweep(slot);
    }
    for (enc_foreign_state *state; (state = f->doomed) != NULL;) {
        f->doomed = state->next;
        enc_count(ENC_COUNT_LOST);
        free(state);
    }
    free(f->entries);
    free(f);
    slot->foreign = NULL;
}
