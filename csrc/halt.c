/* The hard halt: who asks for it, and where it may leave the guest.

   1. At a safe point.  A pending call of the slot's interpreter, prepared before the snapshot, is announced by a store;
      the evaluation loop calls it between two instructions, where no lock of C code is held, and it does not return.
   2. Where the thread stands.  If the safe point is not reached within 400 microseconds, a signal is sent to the thread,
      and again every 150.  Its handler leaves the guest if nothing that outlives the run can be torn:
        - the thread is not in a section of the core that says `critical` (slot->lock held, libc's heap in use);
        - the current interpreter is the slot's or none: never with the main interpreter's GIL held;
        - no lock of the runtime is held by anybody;
        - the instruction pointer is in the interpreter, in an extension module or in the core itself.  In a library
          that these compute in (zlib, OpenSSL ...), where a lock may be held for a moment, only when the thread was
          found there again and again.  In libc only in an interrupted system call that blocks, or in one of the
          string functions, called from such a place.  Never in the loader.
      From 3.13 on CPython waits for most locks in its parking lot: an entry on the waiting thread's stack is linked
      into a table of the process (Python/parking_lot.c), and leaving would leave it there.  So it is never left while
      the lot is on its stack.  The wait is interrupted
      like any other and takes the entry out as it returns; where it would return to has been exchanged meanwhile, and
      the guest is left there, before it can wait again.
   3. Condemned.  What was not left after CONDEMN_AFTER is reported as lost and asked less often; should it ever be left,
      its thread ends the slot.

   What follows an unwind is a rewind, always: whatever was half done in the range is undone with the rest.

   The watchdog sleeps until the earliest deadline it knows of. */

#include "core.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>

#define MS ((int64_t)1000000)
#define SAFE_POINT_GRACE (2 * MS / 5)
#define POKE_EVERY (3 * MS / 20)
#define POKE_RARELY (20 * MS)
#define CONDEMN_AFTER (5000 * MS)
#define COMPUTING_STRIKES 8

static int halt_signal;
static enc_futex watchdog_seq;
static _Atomic int64_t watchdog_until; /* when it wakes by itself */
static bool watchdog_there;

int
enc_halt_signal(void)
{
    return halt_signal;
}

/* --- Where code lives ------------------------------------------------------------------------------------------- */

typedef enum { PLACE_NEVER, PLACE_LIBC, PLACE_COMPUTING, PLACE_INTERPRETER } place;

typedef struct {
    uintptr_t lo, hi;
    place kind;
} segment;

/* Published whole; a handler reads it while the watchdog builds the next one in the other half. */
#define MAX_SEGMENTS 512
static struct {
    segment at[MAX_SEGMENTS];
    int count;
} maps[2];
static _Atomic int current_map;
static unsigned long long map_adds, map_subs;

static place
place_of_object(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    static const char *const never[] = {"ld-linux",   "ld-musl", "linux-vdso", "libgcc_s",
                                        "libpthread", "libdl.",  "librt.",     "libasan",
                                        "libubsan",   "libtsan", "libstdc++"};
    if (*name == '\0' || strncmp(name, "libpython", 9) == 0 || strstr(name, ".cpython-") != NULL ||
        strstr(name, ".abi3.") != NULL || strstr(path, "lib-dynload") != NULL) {
        return PLACE_INTERPRETER;
    }
    if (strncmp(name, "libc.so", 7) == 0 || strncmp(name, "libc-", 5) == 0) {
        return PLACE_LIBC;
    }
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
        if (strncmp(name, never[i], strlen(never[i])) == 0) {
            return PLACE_NEVER;
        }
    }
    return PLACE_COMPUTING;
}

static int
add_object(struct dl_phdr_info *info, size_t size, void *arg)
{
    int next = *(int *)arg;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof(info->dlpi_subs)) {
        if (maps[next].count == 0 && info->dlpi_adds == map_adds && info->dlpi_subs == map_subs) {
            return 1; /* nothing was loaded since */
        }
        map_adds = info->dlpi_adds;
        map_subs = info->dlpi_subs;
    }
    place kind = place_of_object(info->dlpi_name ? info->dlpi_name : "");
    for (int i = 0; i < info->dlpi_phnum && maps[next].count < MAX_SEGMENTS; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type == PT_LOAD && (ph->p_flags & PF_X)) {
            segment *s = &maps[next].at[maps[next].count++];
            s->lo = info->dlpi_addr + ph->p_vaddr;
            s->hi = s->lo + ph->p_memsz;
            s->kind = kind;
        }
    }
    return 0;
}

/* Watchdog only. */
static void
refresh_map(void)
{
    int next = !atomic_load(&current_map);
    maps[next].count = 0;
    if (dl_iterate_phdr(add_object, &next) == 0) {
        atomic_store(&current_map, next);
    }
}

static const segment *
find_segment(uintptr_t ip)
{
    int map = atomic_load(&current_map);
    for (int i = 0; i < maps[map].count; i++) {
        if (ip - maps[map].at[i].lo < maps[map].at[i].hi - maps[map].at[i].lo) {
            return &maps[map].at[i];
        }
    }
    return NULL;
}

/* String functions take no locks and call nothing; how long they run is up to the guest.  The addresses are those
   that the loader chose for this processor; what follows within the span is more of the same section. */
#define STRING_SPAN 0xc00
static uintptr_t string_functions[16];

static void
find_string_functions(void)
{
    static const char *const names[] = {"memcpy", "memmove", "memset",   "memchr",  "memrchr",
                                        "memcmp", "strlen",  "wmemset",  "wmemcmp", "wmemchr",
                                        "wcslen", "strchr",  "rawmemchr"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        void *f = dlsym(RTLD_DEFAULT, names[i]);
        if (f != NULL) {
            string_functions[n++] = (uintptr_t)f;
        }
    }
}

static bool
in_string_function(uintptr_t ip)
{
    for (size_t i = 0; string_functions[i] != 0; i++) {
        if (ip - string_functions[i] < STRING_SPAN) {
            return true;
        }
    }
    return false;
}

/* The parking lot's way in: while it is on the stack, an entry there may be linked into the table, or the lock of a part
   of the table be held.  _PyParkingLot_Park() is exported, but a build with link-time optimization calls copies of it;
   those are learned when a wait is first caught in one. */
#define PARK_SPAN 0x800
#define MAX_PARKS 8
static _Atomic uintptr_t parks[MAX_PARKS];

static bool
is_park(uintptr_t address)
{
    for (int i = 0; i < MAX_PARKS; i++) {
        uintptr_t start = atomic_load_explicit(&parks[i], memory_order_relaxed);
        if (start != 0 && address - start < PARK_SPAN) {
            return true;
        }
    }
    return false;
}

static void
learn_park(uintptr_t start)
{
    for (int i = 0; i < MAX_PARKS; i++) {
        uintptr_t free_entry = 0;
        if (atomic_load(&parks[i]) == start || atomic_compare_exchange_strong(&parks[i], &free_entry, start)) {
            return;
        }
    }
}

/* Has it called what is running?  What it calls has small frames. */
static bool
called_by_park(const enc_slot *slot, uintptr_t sp)
{
    const uintptr_t *word = (const uintptr_t *)(sp & ~(uintptr_t)7);
    for (int i = 0; i < 128 && (uintptr_t)(word + i) < slot->stack_hi; i++) {
        if (is_park(word[i])) {
            return true;
        }
    }
    return false;
}

/* --- Machine context ---------------------------------------------------------------------------------------------- */

typedef struct {
    uintptr_t ip, sp, caller; /* caller: where a function without a frame returns to */
    uintptr_t arg0, arg1;
    bool interrupted; /* just past a system call that returned EINTR */
} machine;

static machine
read_machine(const ucontext_t *uc)
{
    machine m;
#if defined(__x86_64__)
    const greg_t *r = uc->uc_mcontext.gregs;
    m.ip = (uintptr_t)r[REG_RIP];
    m.sp = (uintptr_t)r[REG_RSP];
    m.caller = *(const uintptr_t *)m.sp;
    m.arg0 = (uintptr_t)r[REG_RDI];
    m.arg1 = (uintptr_t)r[REG_RSI];
    const unsigned char *code = (const unsigned char *)m.ip;
    m.interrupted = r[REG_RAX] == -EINTR && code[-2] == 0x0f && code[-1] == 0x05;
#elif defined(__aarch64__)
    m.ip = uc->uc_mcontext.pc;
    m.sp = uc->uc_mcontext.sp;
    m.caller = uc->uc_mcontext.regs[30];
    /* The result overwrites the first argument; CPython's waits pass addresses on the stack in the others as well, so
       without it a wait is never taken for one on a lock of the range. */
    m.arg0 = 0;
    m.arg1 = uc->uc_mcontext.regs[1];
    m.interrupted = (long)uc->uc_mcontext.regs[0] == -EINTR && ((const uint32_t *)m.ip)[-1] == 0xd4000001;
#else
#error "this processor's context is not known; see docs/design.md"
#endif
    return m;
}

static void
landing(void)
{
    siglongjmp(enc_current_slot->landing,
               enc_current_slot->crash_signal ? ENC_UNWOUND_CRASH : ENC_UNWOUND_HALT);
}

void
enc_unwind_context(enc_slot *slot, void *context, int how)
{
    ucontext_t *uc = context;
    (void)how;
    slot->running = 0;
    /* The kernel restores this context when the handler returns, signal mask and alternate stack included, in one
       step; the jump itself is then made on the slot's own stack, just below the frame that it returns to. */
#if defined(__x86_64__)
    uc->uc_mcontext.gregs[REG_RSP] = (greg_t)slot->landing_sp;
    uc->uc_mcontext.gregs[REG_RIP] = (greg_t)landing;
    uc->uc_mcontext.gregs[REG_EFL] &= ~0x400; /* the calling convention wants the direction flag clear */
#elif defined(__aarch64__)
    uc->uc_mcontext.sp = slot->landing_sp;
    uc->uc_mcontext.pc = (uintptr_t)landing;
#endif
}

void
enc_unwind(enc_slot *slot, int how)
{
    slot->running = 0;
    siglongjmp(slot->landing, how);
}

/* --- May it be left here? ------------------------------------------------------------------------------------------- */

static bool
may_leave(const enc_slot *slot)
{
    const PyThreadState *tstate = compat_tstate();
    return slot->running && !slot->critical &&
           (tstate == NULL || (uintptr_t)tstate->interp - slot->base < slot->size) &&
           !compat_runtime_locked();
}

/* --- Leaving the parking lot ------------------------------------------------------------------------------------------

   Called with the thread interrupted in the lot's wait, on the semaphore at `entry` in the frame of the lot's function.
   The address that this frame returns to is the first one above that stands behind a call of the function that the
   frames below return into.  It is exchanged for the address of a stub, which leaves the guest, or goes on where the
   call would have, if a lock of the runtime is held by then. */

#if defined(__x86_64__)

__asm__(".text\n"
        ".type enc_park_stub, @function\n"
        "enc_park_stub:\n"
        "    push %rax\n" /* what the function returned */
        "    push %rdx\n"
        "    call enc_park_returned\n"
        "    mov %rax, %r11\n"
        "    pop %rdx\n"
        "    pop %rax\n"
        "    jmp *%r11\n"
        ".size enc_park_stub, .-enc_park_stub\n");
extern char enc_park_stub[] __attribute__((visibility("hidden")));

__attribute__((used, visibility("hidden"))) uintptr_t
enc_park_returned(void)
{
    enc_slot *slot = enc_current_slot;
    uintptr_t go_on = slot->park_return;
    slot->park_return = 0;
    if (atomic_load(&slot->halt_reason) != ENC_HALT_NONE && may_leave(slot)) {
        enc_count(ENC_COUNT_SIGNAL);
        enc_unwind(slot, ENC_UNWOUND_HALT);
    }
    return go_on;
}

/* The function that is called by the direct call right before this address, by way of a linkage table perhaps; 0 if there
   is no such call. */
static uintptr_t
called_before(uintptr_t address)
{
    const segment *s = find_segment(address);
    if (s == NULL || s->kind != PLACE_INTERPRETER || address - 5 < s->lo) {
        return 0;
    }
    const unsigned char *code = (const unsigned char *)address;
    int32_t offset;
    if (code[-5] != 0xe8) {
        return 0;
    }
    memcpy(&offset, code - 4, 4);
    uintptr_t target = address + (uintptr_t)(intptr_t)offset;
    if (target - s->lo >= s->hi - s->lo - 16) {
        return 0;
    }
    code = (const unsigned char *)target;
    if (memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0) {
        code += 4; /* endbr64 */
    }
    if (*code == 0xf2) {
        code++; /* bnd */
    }
    if (code[0] == 0xff && code[1] == 0x25) {
        memcpy(&offset, code + 2, 4);
        target = *(const uintptr_t *)((uintptr_t)code + 6 + (uintptr_t)(intptr_t)offset);
    }
    return target;
}

static bool
shadow_stack(void)
{
    uint64_t pointer = 0;
    __asm__ volatile("rdsspq %0" : "+r"(pointer)); /* does nothing where there is none */
    return pointer != 0;
}

static void
catch_at_return(enc_slot *slot, uintptr_t entry, uintptr_t sp)
{
    if (shadow_stack()) {
        return;
    }
    entry &= ~(uintptr_t)7;
    for (uintptr_t *word = (uintptr_t *)entry; (uintptr_t)word < entry + 512 && (uintptr_t)word < slot->stack_hi; word++) {
        uintptr_t function = called_before(*word);
        for (uintptr_t *below = (uintptr_t *)(sp & ~(uintptr_t)7); function != 0 && (uintptr_t)below < entry; below++) {
            if (*below - function < PARK_SPAN) {
                learn_park(function);
                slot->park_return = *word;
                *word = (uintptr_t)enc_park_stub;
                return;
            }
        }
    }
}

#else

/* Not written for this processor: such a wait is left only when it ends. */
static void
catch_at_return(enc_slot *slot, uintptr_t entry, uintptr_t sp)
{
    (void)slot;
    (void)entry;
    (void)sp;
}

#endif

/* --- The signal ------------------------------------------------------------------------------------------------------- */

/* Found in the same doubtful place COMPUTING_STRIKES times in a row? */
static bool
strike(enc_slot *slot, uintptr_t where)
{
    if (slot->strike_place != where) {
        slot->strike_place = where;
        slot->strikes = 0;
    }
    return ++slot->strikes >= COMPUTING_STRIKES;
}

static bool
may_leave_at(enc_slot *slot, const machine *m)
{
    const segment *s = find_segment(m->ip);
    if (s == NULL) {
        return false;
    }
    switch (s->kind) {
    case PLACE_INTERPRETER:
        if (is_park(m->ip)) {
            return false;
        }
        /* The lot seems to be on the stack (or an address left over from it is), or there is no thread state: the thread
           is on its way into or out of a wait, which takes a microsecond, or computes without the GIL, for long. */
        return (compat_tstate() != NULL && !called_by_park(slot, m->sp)) || strike(slot, s->lo);
    case PLACE_COMPUTING:
        return strike(slot, s->lo);
    case PLACE_LIBC:
        slot->strikes = 0;
        if (m->interrupted) {
            /* A wait on a futex is left only if the word is the guest's: another one may be the main interpreter's
               GIL, a lock of libc, or a place in the runtime's table of waiters, which is linked through our stack. */
            uintptr_t op = m->arg1 & ~(uintptr_t)(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
            bool futex = m->arg1 < 0x1000 && (m->arg1 & FUTEX_PRIVATE_FLAG) != 0 &&
                         (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET);
            if (compat_tstate() != NULL) {
                return false;
            }
            if (futex && m->arg0 - slot->stack_lo < slot->stack_hi - slot->stack_lo) {
                catch_at_return(slot, m->arg0, m->sp);
                return false;
            }
            return !futex || m->arg0 - slot->base < slot->size;
        }
        if (in_string_function(m->ip)) {
            const segment *from = find_segment(m->caller);
            return from != NULL && from->kind == PLACE_INTERPRETER;
        }
        return false;
    case PLACE_NEVER:
        break;
    }
    return false;
}

static void
on_halt_signal(int Py_UNUSED(signum), siginfo_t *Py_UNUSED(info), void *context)
{
    enc_slot *slot = enc_current_slot;
    if (slot == NULL || atomic_load_explicit(&slot->halt_reason, memory_order_relaxed) == ENC_HALT_NONE ||
        slot->park_return != 0 || !may_leave(slot)) {
        return; /* nothing to do, caught already, or not now */
    }
    int saved = errno;
    machine m = read_machine(context);
    if (may_leave_at(slot, &m)) {
        enc_count(ENC_COUNT_SIGNAL);
        enc_unwind_context(slot, context, ENC_UNWOUND_HALT);
    }
    errno = saved;
}

int
enc_safe_point(void *arg)
{
    enc_slot *slot = arg;
    if (enc_current_slot == slot && atomic_load(&slot->halt_reason) != ENC_HALT_NONE && may_leave(slot)) {
        enc_count(ENC_COUNT_SAFE_POINT);
        enc_unwind(slot, ENC_UNWOUND_HALT);
    }
    return 0;
}

/* --- Asking --------------------------------------------------------------------------------------------------------- */

bool
enc_halt_locked(enc_slot *slot, int reason)
{
    if (slot->state != ENC_STATE_RUNNING && (slot->state != ENC_STATE_STARTING || slot->interp == NULL)) {
        return false;
    }
    if (atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
        slot->halt_at = enc_now();
        slot->pokes = 0;
        slot->next_poke = slot->halt_at + SAFE_POINT_GRACE;
        atomic_store(&slot->halt_reason, reason);
        compat_safe_point_announce(slot->interp, slot->tstate);
        enc_futex_post(&slot->reply_seq);
        enc_watchdog_wake(slot->next_poke);
    }
    return true;
}

bool
enc_halt_request(enc_slot *slot, uint64_t run_id, int reason)
{
    enc_mutex_lock(&slot->lock);
    bool was = slot->job.run_id == run_id && enc_halt_locked(slot, reason);
    enc_mutex_unlock(&slot->lock);
    return was;
}

void
enc_halt_self(enc_slot *slot, int reason)
{
    if (slot->critical) {
        return;
    }
    bool now = may_leave(slot);
    slot->critical++;
    enc_mutex_lock(&slot->lock);
    if (atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
        if (slot->state == ENC_STATE_RUNNING && !now) {
            enc_halt_locked(slot, reason);
        }
        else {
            slot->halt_at = enc_now();
            atomic_store(&slot->halt_reason, reason);
        }
    }
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
    if (now) {
        enc_count(ENC_COUNT_ALLOCATOR);
        enc_unwind(slot, ENC_UNWOUND_HALT);
    }
}

/* --- The watchdog ----------------------------------------------------------------------------------------------------- */

static int64_t
cpu_used(const enc_slot *slot)
{
    struct timespec t;
    if (clock_gettime(slot->cpu_clock, &t) != 0) {
        return 0;
    }
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec - slot->cpu_start_ns;
}

typedef struct {
    int64_t now, next;
} round_state;

static void
sooner(round_state *round, int64_t when)
{
    if (when < round->next) {
        round->next = when;
    }
}

static void
press_halt(enc_slot *slot, round_state *round)
{
    if (round->now < slot->next_poke) {
        sooner(round, slot->next_poke);
        return;
    }
    if (slot->pokes++ == 0) {
        refresh_map();
    }
    else if (slot->pokes % 64 == 0) {
        refresh_map(); /* it may have loaded something since */
    }
    pthread_kill(slot->thread, halt_signal);
    if (slot->state == ENC_STATE_RUNNING && round->now - slot->halt_at > CONDEMN_AFTER) {
        enc_count(ENC_COUNT_CONDEMNED);
        slot->state = ENC_STATE_CONDEMNED;
        enc_done *done = calloc(1, sizeof(*done));
        if (done != NULL) {
            done->outcome = ENC_OUTCOME_HALTED;
            done->detail = atomic_load(&slot->halt_reason);
            done->halt_ns = round->now - slot->halt_at;
            done->replace = true;
            enc_emit_event(slot, ENC_EVENT_DONE, slot->job.run_id, NULL, 0, done, sizeof(*done));
            free(done);
        }
    }
    slot->next_poke = round->now + (slot->state == ENC_STATE_CONDEMNED ? POKE_RARELY : POKE_EVERY);
    sooner(round, slot->next_poke);
}

static void
watch_slot(enc_slot *slot, void *arg)
{
    round_state *round = arg;
    enc_mutex_lock(&slot->lock);
    if (slot->state <= ENC_STATE_RUNNING || slot->state == ENC_STATE_CONDEMNED) {
        if (atomic_load(&slot->halt_reason) == ENC_HALT_NONE) {
            if (slot->deadline != 0) {
                if (round->now >= slot->deadline) {
                    enc_halt_locked(slot, ENC_HALT_TIMEOUT);
                }
                else {
                    sooner(round, slot->deadline);
                }
            }
            if (slot->job.cpu_limit_ns != 0) {
                int64_t left = slot->job.cpu_limit_ns - cpu_used(slot);
                if (left <= 0) {
                    enc_halt_locked(slot, ENC_HALT_CPU);
                }
                else {
                    sooner(round, round->now + left);
                }
            }
        }
        if (atomic_load(&slot->halt_reason) != ENC_HALT_NONE) {
            press_halt(slot, round);
        }
    }
    enc_mutex_unlock(&slot->lock);
}

/* A thread that runs seldom and briefly, and matters when it does: from Linux 6.12 a shorter slice gets it the processor
   sooner.  It is only a wish. */
static void
ask_for_short_slices(void)
{
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attr = {.size = sizeof(attr), .runtime = 100000};
    syscall(SYS_sched_setattr, 0, &attr, 0);
}

static void *
watchdog_main(void *Py_UNUSED(arg))
{
    prctl(PR_SET_NAME, "enclave-watch");
    prctl(PR_SET_TIMERSLACK, 1000);
    ask_for_short_slices();
    for (;;) {
        uint32_t seen = enc_futex_seq(&watchdog_seq);
        round_state round = {enc_now(), INT64_MAX};
        enc_slots_each(watch_slot, &round);
        atomic_store(&watchdog_until, round.next);
        /* A deadline that came in meanwhile has changed the sequence. */
        enc_futex_wait(&watchdog_seq, seen, round.next == INT64_MAX ? 0 : round.next);
        atomic_store(&watchdog_until, 0);
    }
    return NULL;
}

void
enc_watchdog_wake(int64_t deadline)
{
    if (deadline < atomic_load(&watchdog_until)) {
        enc_futex_post(&watchdog_seq);
    }
    else {
        atomic_fetch_add(&watchdog_seq.seq, 1);
    }
}

static void
in_child(void)
{
    watchdog_there = false;
    enc_slots_forget();
}

static int
start_watchdog(void)
{
    /* Every signal stays with the host's threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 << 10);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    int rc = pthread_create(&thread, &attr, watchdog_main, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    watchdog_there = rc == 0;
    return rc;
}

int
enc_halt_init(void)
{
    if (halt_signal == 0) {
        for (int s = SIGRTMAX - 1; s > SIGRTMIN + 1 && halt_signal == 0; s--) {
            struct sigaction old;
            if (sigaction(s, NULL, &old) == 0 && old.sa_handler == SIG_DFL) {
                struct sigaction act = {.sa_sigaction = on_halt_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
                sigfillset(&act.sa_mask);
                if (sigaction(s, &act, NULL) == 0) {
                    halt_signal = s;
                }
            }
        }
        if (halt_signal == 0) {
            return EAGAIN;
        }
        find_string_functions();
        void *park = dlsym(RTLD_DEFAULT, "_PyParkingLot_Park"); /* none on 3.12 */
        if (park != NULL) {
            learn_park((uintptr_t)park);
        }
        pthread_atfork(NULL, NULL, in_child);
    }
    return watchdog_there ? 0 : start_watchdog();
}
