/* Which extension modules slots may load: those that the host has loaded and found fit (module_host.c).

   Appended to under `lock`, never removed from, read without it. */

#include "core.h"

#include <stdlib.h>
#include <string.h>

typedef struct approved {
    struct approved *next;
    bool harmless, stranger;
    char name[];
} approved;

static _Atomic(approved *) head;
static enc_mutex lock;

static const approved *
find(const char *name, bool policy)
{
    for (const approved *a = atomic_load(&head); a != NULL; a = a->next) {
        if (strcmp(a->name, name) == 0 && (a->harmless || !policy)) {
            return a;
        }
    }
    return NULL;
}

bool
enc_extension_approved(const char *name, bool policy)
{
    return find(name, policy) != NULL;
}

bool
enc_extension_is_stranger(const char *name)
{
    const approved *a = find(name, false);
    return a != NULL && a->stranger;
}

int
enc_extension_approve(const char *name, bool harmless, bool stranger)
{
    size_t len = strlen(name);
    approved *a = malloc(sizeof(*a) + len + 1);
    if (a == NULL) {
        return -1;
    }
    memcpy(a->name, name, len + 1);
    a->harmless = harmless;
    a->stranger = stranger;
    enc_mutex_lock(&lock);
    if (enc_extension_approved(name, harmless)) {
        free(a);
    }
    else {
        a->next = atomic_load(&head);
        atomic_store(&head, a);
    }
    enc_mutex_unlock(&lock);
    return 0;
}
