/* A system call filter for slots' threads (seccomp-bpf, Documentation/userspace-api/seccomp_filter.rst).

   Allowed is what a thread needs that computes, waits and is rewound.  Everything else becomes a SIGSYS on the thread, and
   its handler answers instead of the kernel:
     refused     the call fails with EPERM, and the run ends with SANDBOX_VIOLATION at its next safe point.  Not on the
                 spot: libc makes such calls with its locks held, and they must be given back.
     quiet       it fails as if there were no file system, and the run goes on: what libraries probe for by themselves.
     emulated    rt_sigprocmask only tells the mask (a fault whose signal is blocked would end the process, and a blocked halt
                 never come); a stat of the time zone's file gives what it gave the host, or libc would forget the
                 process's time zone; the working directory is
                 "/", the process has the number 1, and uname tells "Linux" and no more.
     contained   exit_group ends every thread of the process, and abort() raises its signal: like a crash, for what calls
                 them does not expect to return.
   The filter counts for the thread that installs it, for good. */

#include "core.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <ucontext.h>

#define SYS_SECCOMP_CODE \
    1 /* SYS_SECCOMP of asm-generic/siginfo.h, which clashes with the numbers of system calls */

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#endif

/* Memory outside the range, which libraries take by malloc() and no account sees: a piece may not be larger. */
#define LARGEST_MAPPING (32u << 20)

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOAD_HIGH(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field) + 4)
#define IF_EQUAL(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (then), (otherwise))
#define IF_ABOVE(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (value), (then), (otherwise))
#define IF_SET(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (value), (then), (otherwise))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
#define TRAP RETURN(SECCOMP_RET_TRAP)

/* Allowed whatever the arguments. */
static const int plain[] = {
    SYS_futex,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_clock_nanosleep,
    SYS_nanosleep,
    SYS_gettimeofday,
    SYS_getrandom,
    SYS_madvise,
    SYS_munmap,
    SYS_brk,
    SYS_rt_sigreturn,
    SYS_restart_syscall,
    SYS_sigaltstack,
    SYS_sched_yield,
    SYS_sched_getaffinity,
    SYS_gettid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getcpu,
    SYS_membarrier,
    SYS_set_robust_list,
    SYS_exit,
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_time
    SYS_time,
#endif
#ifdef SYS_pause
    SYS_pause,
#endif
};

#define MAX_CODE 256
typedef struct {
    struct sock_filter code[MAX_CODE];
    unsigned short len;
} program;

static void
add(program *p, const struct sock_filter *code, size_t count)
{
    memcpy(p->code + p->len, code, count * sizeof(*code));
    p->len = (unsigned short)(p->len + count);
}

/* For that system call the block decides: every way through it ends in a RETURN. */
static void
when(program *p, int nr, const struct sock_filter *block, size_t count)
{
    const struct sock_filter test = IF_EQUAL((uint32_t)nr, 0, (unsigned char)count);
    add(p, &test, 1);
    add(p, block, count);
}

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void
allow_memory(program *p)
{
    /* No code; nothing huge, but for address space alone and for the core's own (a checkpoint), which says so. */
    static const struct sock_filter map[] = {
        /* 0 */ LOAD(args[2]),
        /* 1 */ IF_SET(PROT_EXEC, 8, 0),
        /* 2 */ IF_EQUAL(PROT_NONE, 8, 0),
        /* 3 */ LOAD(args[3]),
        /* 4 */ IF_SET(MAP_NORESERVE, 6, 0),
        /* 5 */ LOAD_HIGH(args[1]),
        /* 6 */ IF_EQUAL(0, 0, 2),
        /* 7 */ LOAD(args[1]),
        /* 8 */ IF_ABOVE(LARGEST_MAPPING, 0, 2),
        /* 9 */ RETURN(SECCOMP_RET_ERRNO | ENOMEM),
        /* 10 */ TRAP,
        /* 11 */ ALLOW,
    };
    static const struct sock_filter protect[] = {
        /* 0 */ LOAD(args[2]),
        /* 1 */ IF_SET(PROT_EXEC, 0, 1),
        /* 2 */ TRAP,
        /* 3 */ ALLOW,
    };
    static const struct sock_filter grow[] = {
        /* 0 */ LOAD_HIGH(args[2]),
        /* 1 */ IF_EQUAL(0, 0, 2),
        /* 2 */ LOAD(args[2]),
        /* 3 */ IF_ABOVE(LARGEST_MAPPING, 0, 1),
        /* 4 */ RETURN(SECCOMP_RET_ERRNO | ENOMEM),
        /* 5 */ ALLOW,
    };
    when(p, SYS_mmap, map, LENGTH(map));
    when(p, SYS_mprotect, protect, LENGTH(protect));
    when(p, SYS_mremap, grow, LENGTH(grow));
}

/* The rewind's own calls, on its own descriptors. */
static void
allow_rewind(program *p)
{
    int keep[2];
    enc_rewind_descriptors(keep);
    if (keep[0] < 0) {
        return;
    }
    const struct sock_filter block[] = {
        /* 0 */ LOAD(args[0]),
        /* 1 */ IF_EQUAL((uint32_t)keep[0], 1, 0),
        /* 2 */ IF_EQUAL((uint32_t)keep[1], 0, 4),
        /* 3 */ LOAD(args[1]),
        /* 4 */ IF_EQUAL((uint32_t)enc_rewind_requests[0], 1, 0),
        /* 5 */ IF_EQUAL((uint32_t)enc_rewind_requests[1], 0, 1),
        /* 6 */ ALLOW,
        /* 7 */ TRAP,
    };
    when(p, SYS_ioctl, block, LENGTH(block));
}

/* To wait for nothing but time. */
static void
allow_timeouts(program *p)
{
    static const struct sock_filter none_first[] = {LOAD(args[0]), IF_EQUAL(0, 0, 1), ALLOW, TRAP};
    static const struct sock_filter none_second[] = {LOAD(args[1]), IF_EQUAL(0, 0, 1), ALLOW, TRAP};
    when(p, SYS_pselect6, none_first, LENGTH(none_first));
    when(p, SYS_ppoll, none_second, LENGTH(none_second));
#ifdef SYS_select
    when(p, SYS_select, none_first, LENGTH(none_first));
#endif
#ifdef SYS_poll
    when(p, SYS_poll, none_second, LENGTH(none_second));
#endif
}

/* Without the sandbox: a masked fault ends the process, a masked halt never comes, and exit_group ends all threads. */
static void
build_narrow(program *p)
{
    static const struct sock_filter code[] = {
        LOAD(arch),
        IF_EQUAL(THIS_ARCH, 1, 0),
        TRAP,
        LOAD(nr),
        IF_EQUAL(SYS_exit_group, 0, 1),
        TRAP,
        IF_EQUAL(SYS_rt_sigprocmask, 1, 0),
        ALLOW,
        LOAD(args[0]),
        IF_EQUAL(SIG_UNBLOCK, 0, 1),
        ALLOW,
        TRAP,
    };
    p->len = 0;
    add(p, code, LENGTH(code));
}

static void
build(program *p)
{
    static const struct sock_filter head[] = {
        LOAD(arch),
        IF_EQUAL(THIS_ARCH, 1, 0),
        TRAP, /* another calling convention has other numbers */
        LOAD(nr),
    };
    static const struct sock_filter allow[] = {ALLOW}, trap[] = {TRAP};
    static const struct sock_filter unblock[] = {LOAD(args[0]), IF_EQUAL(SIG_UNBLOCK, 0, 1), ALLOW, TRAP};
    p->len = 0;
    add(p, head, LENGTH(head));
    for (size_t i = 0; i < LENGTH(plain); i++) {
        when(p, plain[i], allow, 1);
    }
    when(p, SYS_rt_sigprocmask, unblock, LENGTH(unblock));
    allow_memory(p);
    allow_rewind(p);
    allow_timeouts(p);
    add(p, trap, 1);
}

static struct stat time_zone;
static bool time_zone_known;

/* A second wall behind the filter, and the only one where there is none (Linux 5.13): a rule set that rules all access to
   files and allows none (Documentation/userspace-api/landlock.rst).  Its version, 0 where there is none. */
static int
landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

bool
enc_landlock_enter(void)
{
    int version = landlock_version();
    if (version == 0) {
        return true;
    }
    /* Access rights came with the versions: 13 with the first, then one each for the next two, and one with the fifth. */
    uint64_t rights = version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version == 2 ? 0x3fff : 0x1fff;
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
    if (fd < 0) {
        return false;
    }
    bool ok = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close(fd);
    return ok;
}

bool
enc_sandbox_enter(bool whole)
{
    program p;
    if (whole) {
        build(&p);
    }
    else {
        build_narrow(&p);
    }
    struct sock_fprog filter = {p.len, p.code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

/* --- The answers ---------------------------------------------------------------------------------------------------- */

typedef struct {
    int nr;
    uintptr_t args[4];
    long *result;
} call;

static call
read_call(const siginfo_t *info, ucontext_t *uc)
{
    call c = {.nr = info->si_syscall};
#if defined(__x86_64__)
    greg_t *r = uc->uc_mcontext.gregs;
    c.args[0] = (uintptr_t)r[REG_RDI];
    c.args[1] = (uintptr_t)r[REG_RSI];
    c.args[2] = (uintptr_t)r[REG_RDX];
    c.args[3] = (uintptr_t)r[REG_R10];
    c.result = (long *)&r[REG_RAX];
#elif defined(__aarch64__)
    for (int i = 0; i < 4; i++) {
        c.args[i] = uc->uc_mcontext.regs[i];
    }
    c.result = (long *)&uc->uc_mcontext.regs[0];
#endif
    return c;
}

/* What libraries ask for by themselves, and what tells nothing when it is refused. */
static bool
is_quiet(int nr)
{
    static const int calls[] = {
        SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_readlinkat, SYS_sysinfo, SYS_getrusage,
        SYS_prctl,      SYS_close, SYS_lseek,     SYS_fstat,      SYS_pipe2, /* of a process that would be started next, for platform.processor() say */
#ifdef SYS_stat
        SYS_stat,       SYS_lstat, SYS_access,    SYS_readlink,
#endif
#ifdef SYS_faccessat2
        SYS_faccessat2,
#endif
    };
    for (size_t i = 0; i < LENGTH(calls); i++) {
        if (calls[i] == nr) {
            return true;
        }
    }
    return false;
}

/* libc's own data: what it looks for when a conversion, a locale or a time zone is first used. */
static bool
is_libc_data(const call *c)
{
    static const char *const places[] = {"/etc/localtime", "/usr/share/zoneinfo/", "/usr/lib/locale/",
                                         "/sys/",          "/proc/sys/",           "/usr/share/locale/"};
    const char *path = c->nr == SYS_openat ? (const char *)c->args[1] : NULL;
#ifdef SYS_open
    if (c->nr == SYS_open) {
        path = (const char *)c->args[0];
    }
#endif
    for (size_t i = 0; path != NULL && i < LENGTH(places); i++) {
        if (strncmp(path, places[i], strlen(places[i])) == 0) {
            return true;
        }
    }
    return path != NULL && strstr(path, "/gconv/") != NULL;
}

enc_sandbox_answer
enc_sandbox_emulate(enc_slot *slot, const siginfo_t *info, void *context)
{
    if (info->si_code != SYS_SECCOMP_CODE) {
        return ENC_SANDBOX_NOT_OURS;
    }
    ucontext_t *uc = context;
    call c = read_call(info, uc);
    if (c.nr == SYS_exit_group) {
        return ENC_SANDBOX_CONTAIN;
    }
    if (c.nr == SYS_tgkill && slot != NULL && (int)c.args[1] == slot->tid && c.args[2] == SIGABRT) {
        return ENC_SANDBOX_ABORT;
    }
    if (c.nr == SYS_rt_sigprocmask) {
        if (c.args[2] != 0) {
            memcpy((void *)c.args[2], &uc->uc_sigmask, 8); /* the kernel's set is 64 bits */
        }
        *c.result = 0;
    }
    else if (c.nr == SYS_newfstatat && time_zone_known && c.args[1] != 0 &&
             strcmp((const char *)c.args[1], "/etc/localtime") == 0) {
        memcpy((void *)c.args[2], &time_zone, sizeof(time_zone));
        *c.result = 0;
    }
    else if (c.nr == SYS_getcwd && c.args[0] != 0 && c.args[1] >= 2) {
        memcpy((void *)c.args[0], "/", 2);
        *c.result = 2;
    }
    else if (c.nr == SYS_getpid) {
        *c.result = 1;
    }
    else if (c.nr == SYS_uname && c.args[0] != 0) {
        struct utsname *name = (struct utsname *)c.args[0];
        memset(name, 0, sizeof(*name));
        strcpy(name->sysname, "Linux");
        *c.result = 0;
    }
    else if (is_quiet(c.nr) || is_libc_data(&c)) {
        *c.result = -EACCES;
    }
    else {
        *c.result = -EPERM;
        if (slot != NULL && slot->running) {
            enc_halt_violation(slot, c.nr);
        }
    }
    return ENC_SANDBOX_ANSWERED;
}

bool
enc_landlock_available(void)
{
    return landlock_version() != 0;
}

bool
enc_sandbox_available(void)
{
    uint32_t action = SECCOMP_RET_TRAP;
    if (!time_zone_known) {
        time_zone_known = stat("/etc/localtime", &time_zone) == 0;
    }
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

const char *
enc_sandbox_name(int nr)
{
    static const struct {
        int nr;
        const char *name;
    } names[] = {
#include "syscall_names.h"
    };
    for (size_t i = 0; i < LENGTH(names); i++) {
        if (names[i].nr == nr) {
            return names[i].name;
        }
    }
    return "unknown";
}
