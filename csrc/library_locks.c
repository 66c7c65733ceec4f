/* A guest is not left while a library holds a lock of libc's on its thread.

   A library that extension modules compute in takes locks of the process: OpenSSL one for the table of its algorithms.  Left
   there, every thread of the process that comes to it waits for ever, the host's own included.  So the functions that take
   and release such locks are exchanged for ours where libraries and extension modules call them (library_calls.c).  On other
   threads than slots' ours do nothing more.

   A lock counts from before it is asked for until after it was released, so there is no moment in which it is held and does
   not count.  Whoever waits for one is not left either: another thread of the process has it, for a moment; if for ever,
   the slot is condemned.  Locks in the slot's range do not count: a rewind puts them back.

   What is held all the same when a guest is left is given back at the landing, by the thread that took it:
     - a crash comes anywhere.  (Not the end of the stack, which a guest can choose: that comes before the lock is taken.)
     - at a safe point no call of the library's is on top, only a lock that it holds from one call to the next, or while it
       calls Python.  An endless loop there has to end.
     - a lock that a whole computation is made under (SQLite's, of the connection) would make it endless.  One that was held
       for AGE of the processor's time guards no moment.

   The table of a slot is its own thread's. */

#include "slot_internal.h"

#include <string.h>

#define AGE ((int64_t)100000000) /* nanoseconds */
/* Of stack, for what a library does under a lock. */
#define NEEDED ((uintptr_t)32 << 10)

enum { MUTEX, RWLOCK, SPIN, ONCE };
enum { FREE, WANTED, HELD, RELEASED };

/* --- A slot's thread ------------------------------------------------------------------------------------------------- */

/* The lock's place in the table, ENC_LIBRARY_LOCKS for one beyond; -1: it does not count. */
static int
want(void *lock, int kind)
{
    enc_slot *slot = enc_current_slot;
    if (__builtin_expect(slot == NULL, 1) || (uintptr_t)lock - slot->base < slot->size) {
        return -1;
    }
    volatile enc_library_locks *locks = &slot->library_locks;
    if (locks->count == 0 && stack_pointer() - slot->stack_lo < NEEDED) {
        need_stack(NEEDED);
    }
    locks->count++;
    for (int i = 0; i < ENC_LIBRARY_LOCKS; i++) {
        if (locks->at[i].state == FREE) {
            locks->at[i].lock = lock;
            locks->at[i].kind = kind;
            locks->at[i].seen = 0;
            locks->at[i].state = kind == ONCE ? HELD : WANTED;
            return i;
        }
    }
    locks->beyond++;
    return ENC_LIBRARY_LOCKS;
}

static void
drop(int i)
{
    if (i < 0 || enc_current_slot == NULL) { /* the latter in the child of a fork */
        return;
    }
    volatile enc_library_locks *locks = &enc_current_slot->library_locks;
    if (i < ENC_LIBRARY_LOCKS) {
        locks->at[i].state = FREE;
    }
    else {
        locks->beyond--;
    }
    locks->count--;
}

static int
got(int i, int rc)
{
    if (rc != 0 && rc != EOWNERDEAD) {
        drop(i);
    }
    else if (i >= 0 && i < ENC_LIBRARY_LOCKS && enc_current_slot != NULL) {
        enc_current_slot->library_locks.at[i].state = HELD;
    }
    return rc;
}

/* Before a release.  A lock that is not known was taken before its library was covered, or by another run: -1. */
static int
find(void *lock)
{
    enc_slot *slot = enc_current_slot;
    if (__builtin_expect(slot == NULL, 1) || slot->library_locks.count == 0 ||
        (uintptr_t)lock - slot->base < slot->size) {
        return -1;
    }
    volatile enc_library_locks *locks = &slot->library_locks;
    for (int i = ENC_LIBRARY_LOCKS - 1; i >= 0; i--) {
        if (locks->at[i].state == HELD && locks->at[i].lock == lock) {
            locks->at[i].state = RELEASED;
            return i;
        }
    }
    return locks->beyond > 0 ? ENC_LIBRARY_LOCKS : -1;
}

bool
enc_library_locks_are_old(volatile enc_library_locks *locks)
{
    int64_t now = enc_thread_cpu();
    bool old = locks->beyond == 0;
    for (int i = 0; i < ENC_LIBRARY_LOCKS; i++) {
        if (locks->at[i].state == FREE) {
            continue;
        }
        if (locks->at[i].seen == 0) {
            locks->at[i].seen = now;
        }
        old = old && locks->at[i].state == HELD && now - locks->at[i].seen >= AGE;
    }
    return old;
}

/* As pthread_once() does it for a thread that is cancelled, in glibc and musl: the next one to come begins anew. */
static void
begin_anew(_Atomic int *once)
{
    if (atomic_load(once) != 2) {
        atomic_store(once, 0);
        syscall(SYS_futex, once, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    }
}

void
enc_library_locks_give_back(volatile enc_library_locks *locks)
{
    for (int i = ENC_LIBRARY_LOCKS - 1; i >= 0 && locks->count != 0; i--) {
        void *lock = locks->at[i].lock;
        if (locks->at[i].state != HELD) {
            continue;
        }
        switch (locks->at[i].kind) {
        case MUTEX:
            pthread_mutex_unlock(lock);
            break;
        case RWLOCK:
            pthread_rwlock_unlock(lock);
            break;
        case SPIN:
            pthread_spin_unlock(lock);
            break;
        case ONCE:
            begin_anew(lock);
            break;
        }
    }
    enc_library_locks_clear(locks);
}

void
enc_library_locks_clear(volatile enc_library_locks *locks)
{
    if (locks->count != 0) {
        for (int i = 0; i < ENC_LIBRARY_LOCKS; i++) {
            locks->at[i].state = FREE;
        }
        locks->beyond = locks->count = 0;
    }
}

/* --- In the place of libc's ----------------------------------------------------------------------------------------- */

#define TAKES(name, type, kind)                      \
    static int our_##name(type *lock)                \
    {                                                \
        int i = want((void *)(uintptr_t)lock, kind); \
        return got(i, pthread_##name(lock));         \
    }
#define TAKES_TIMED(name, type, kind)                               \
    static int our_##name(type *lock, const struct timespec *until) \
    {                                                               \
        int i = want(lock, kind);                                   \
        return got(i, pthread_##name(lock, until));                 \
    }
#define RELEASES(name, type)                   \
    static int our_##name(type *lock)          \
    {                                          \
        int i = find((void *)(uintptr_t)lock); \
        int rc = pthread_##name(lock);         \
        drop(i);                               \
        return rc;                             \
    }
TAKES(mutex_lock, pthread_mutex_t, MUTEX)
TAKES(mutex_trylock, pthread_mutex_t, MUTEX)
TAKES_TIMED(mutex_timedlock, pthread_mutex_t, MUTEX)
RELEASES(mutex_unlock, pthread_mutex_t)
TAKES(rwlock_rdlock, pthread_rwlock_t, RWLOCK)
TAKES(rwlock_tryrdlock, pthread_rwlock_t, RWLOCK)
TAKES_TIMED(rwlock_timedrdlock, pthread_rwlock_t, RWLOCK)
TAKES(rwlock_wrlock, pthread_rwlock_t, RWLOCK)
TAKES(rwlock_trywrlock, pthread_rwlock_t, RWLOCK)
TAKES_TIMED(rwlock_timedwrlock, pthread_rwlock_t, RWLOCK)
RELEASES(rwlock_unlock, pthread_rwlock_t)
TAKES(spin_lock, pthread_spinlock_t, SPIN)
TAKES(spin_trylock, pthread_spinlock_t, SPIN)
RELEASES(spin_unlock, pthread_spinlock_t)

static int
our_once(pthread_once_t *once, void (*init)(void))
{
    int i = want(once, ONCE);
    int rc = pthread_once(once, init);
    drop(i);
    return rc;
}

#define OURS(name) {#name, (uintptr_t)our_##name}
static const struct {
    const char *name;
    uintptr_t address;
} ours[] = {
    OURS(mutex_lock),         OURS(mutex_trylock), OURS(mutex_timedlock),
    OURS(mutex_unlock),       OURS(rwlock_rdlock), OURS(rwlock_tryrdlock),
    OURS(rwlock_timedrdlock), OURS(rwlock_wrlock), OURS(rwlock_trywrlock),
    OURS(rwlock_timedwrlock), OURS(rwlock_unlock), OURS(spin_lock),
    OURS(spin_trylock),       OURS(spin_unlock),   OURS(once),
};

uintptr_t
enc_library_locks_function(const char *name)
{
    if (strncmp(name, "pthread_", 8) == 0) {
        for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
            if (strcmp(name + 8, ours[i].name) == 0) {
                return ours[i].address;
            }
        }
    }
    return 0;
}
