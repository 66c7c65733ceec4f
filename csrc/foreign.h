/* What objects of extension modules hold outside the range: the states of hash objects, which are libc's memory.

   foreign_modules.c sees such objects come, change and go, and is the only one to change the table of them while a guest
   runs; foreign.c keeps the table, knows which checkpoint needs which state, and frees those that nobody needs. */

#ifndef ENCLAVE_FOREIGN_H
#define ENCLAVE_FOREIGN_H

#include "compat.h"

struct enc_slot;

#define ENC_FOREIGN_LARGEST 192 /* bytes of an object, at most */
#define ENC_FOREIGN_MUTATORS 3  /* of a type, at most */

/* A type.  What the host's module has shown is written once, before a slot may load that module. */
typedef struct enc_foreign_kind {
    const char *module, *name;
    size_t cost;    /* bytes that such a state holds, at the most */
    size_t largest; /* bytes of an object; one that is larger has its state in itself */
    bool bound;     /* the state knows where its object is */
    const char *changing[ENC_FOREIGN_MUTATORS];
    size_t size; /* of an object; 0: not looked at yet, or it holds nothing outside */
    destructor dealloc;
    newfunc make;
    const PyMethodDef *copy; /* NULL: it cannot be copied */
    const PyMethodDef *mutators[ENC_FOREIGN_MUTATORS];
    PyMethodDef our_copy, our_mutators[ENC_FOREIGN_MUTATORS];
    PyTypeObject stand_in; /* of an object that is there to be freed */
} enc_foreign_kind;

/* One state.  It lives while the present or a checkpoint needs it. */
typedef struct enc_foreign_state {
    struct enc_foreign_state *next; /* of those to be freed */
    enc_foreign_kind *kind;
    size_t marks;      /* checkpoints that know it, the birth among them */
    bool current;      /* an object of the present has it */
    bool changed;      /* it is not what they know any more */
    bool released;     /* its owner has freed it all the same */
    uintptr_t at;      /* of its object, from the range's begin */
    uintptr_t words[]; /* of that object as it was made, but for what points into the range */
} enc_foreign_state;

typedef struct enc_foreign enc_foreign; /* of a slot */

/* --- The table: the slot's thread, with `critical` raised where it changes ------------------------------------------ */
/* The object's state, or NULL. */
enc_foreign_state *enc_foreign_find(const struct enc_slot *slot, const PyObject *op);
/* A new state of that object, in the place of one that it may have had.  false: out of memory. */
bool enc_foreign_put(struct enc_slot *slot, enc_foreign_kind *kind, PyObject *op);
/* The object goes.  Its state, if a checkpoint needs it on; else NULL, and it may be freed. */
enc_foreign_state *enc_foreign_take(struct enc_slot *slot, const PyObject *op);

/* --- What a checkpoint knows ------------------------------------------------------------------------------------------ */
typedef struct enc_foreign_set enc_foreign_set;
/* All that the present has.  false: out of memory.  *set stays NULL where there is nothing. */
bool enc_foreign_know(const struct enc_slot *slot, enc_foreign_set **set);
size_t enc_foreign_size(const enc_foreign_set *set); /* bytes that it may keep alive */
void enc_foreign_forget(struct enc_slot *slot, enc_foreign_set *set);
bool enc_foreign_is_whole(const enc_foreign_set *set); /* false: there is no way back to it */
/* The range has been put back: let the present be what `set` knows, and free what nobody knows.  false: a state of it is
   not what it was, or a crash; the slot cannot serve again. */
bool enc_foreign_return(struct enc_slot *slot, const enc_foreign_set *set);
/* Free what nobody knows; false: a crash. */
bool enc_foreign_sweep(struct enc_slot *slot);
/* The slot's end: free all, if its interpreter can be made whole again for that. */
void enc_foreign_end(struct enc_slot *slot);

/* --- foreign_calls.c --------------------------------------------------------------------------------------------------- */
enum { ENC_FOREIGN_KINDS = 21 };
extern const destructor enc_foreign_deallocs[];
extern const newfunc enc_foreign_news[];
/* Ours for those of a kind, whose own have been found.  false: one is not called in a known way. */
bool enc_foreign_take_methods(enc_foreign_kind *kind);
/* Ours for that function of a module.  NULL: it is not called in a known way, or there are too many. */
PyCFunction enc_foreign_maker(const PyMethodDef *theirs);

/* --- foreign_modules.c ------------------------------------------------------------------------------------------------- */
extern enc_foreign_kind enc_foreign_kinds[ENC_FOREIGN_KINDS];
/* See to it that this module of the host's, loaded into a slot, is watched.  NULL, or why slots cannot have it. */
const char *enc_foreign_cover(PyObject *module, const char *name, PyModuleDef *def);
/* Objects of that module may hold memory outside that nobody follows: there is no way back from a halt to a checkpoint that
   was made with it loaded.  -1: an exception is set. */
int enc_foreign_is_stranger(const char *name);

#endif
