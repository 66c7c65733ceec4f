/* Which extension modules slots may load: those that the host has loaded and found fit (module_host.c).

   Appended to under `lock`, never removed from, read without it. */

#include "core.h"

#include <stdlib.h>
#include <string.h>

typedef struct approved {
    struct approved *next;
    bool harmless;
    char name[];
} approved;

static _Atomic(approved *) head;
static enc_mutex lock;

bool
enc_extension_approved(const char *name, bool policy)
{
    for (const approved *a = atomic_load(&head); a != NULL; a = a->next) {
        if (strcmp(a->name, name) == 0 && (a->harmless || !policy)) {
            return true;
        }
    }
    return false;
}

int
enc_extension_approve(const char *name, bool harmless)
{
    size_t len = strlen(name);
    approved *a = malloc(sizeof(*a) + len + 1);
    if (a == NULL) {
        return -1;
    }
    memcpy(a->name, name, len + 1);
    a->harmless = harmless;
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
