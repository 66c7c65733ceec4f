/* A system call filter for slots' threads.

   What containment and halts stand on must not be taken away by a guest, and is nothing a computing thread needs:
     rt_sigprocmask   a fault whose signal is blocked ends the process, and a blocked halt never comes: the call only
                      tells the mask, unless it unblocks.  (libc's own uses, around thread exit and raise(), do without.)
     exit_group       ends every thread of the process: SIGSYS on the thread, which is contained like a crash.
   The filter counts for the thread that installs it, for good. */

#include "core.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>

#define SYS_SECCOMP_CODE \
    1 /* SYS_SECCOMP of asm-generic/siginfo.h, which clashes with the numbers of system calls */

#if defined(__x86_64__)
#define THIS_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCH AUDIT_ARCH_AARCH64
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_EQUAL(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (then), (otherwise))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

bool
enc_sandbox_enter(void)
{
    static struct sock_filter code[] = {
        LOAD(arch),
        IF_EQUAL(THIS_ARCH, 1, 0),
        RETURN(SECCOMP_RET_TRAP), /* another calling convention has other numbers */
        LOAD(nr),
        IF_EQUAL(SYS_exit_group, 0, 1),
        RETURN(SECCOMP_RET_TRAP),
        IF_EQUAL(SYS_rt_sigprocmask, 1, 0),
        RETURN(SECCOMP_RET_ALLOW),
        LOAD(args[0]),
        IF_EQUAL(SIG_UNBLOCK, 0, 1),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_TRAP), /* enc_sandbox_emulate() */
    };
    struct sock_fprog program = {sizeof(code) / sizeof(*code), code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

bool
enc_sandbox_emulate(const siginfo_t *info, void *context)
{
    if (info->si_code != SYS_SECCOMP_CODE || info->si_syscall != SYS_rt_sigprocmask) {
        return false;
    }
    ucontext_t *uc = context;
#if defined(__x86_64__)
    void *old = (void *)uc->uc_mcontext.gregs[REG_RDX];
    uc->uc_mcontext.gregs[REG_RAX] = 0;
#elif defined(__aarch64__)
    void *old = (void *)uc->uc_mcontext.regs[2];
    uc->uc_mcontext.regs[0] = 0;
#endif
    if (old != NULL) {
        memcpy(old, &uc->uc_sigmask, 8); /* the kernel's set is 64 bits */
    }
    return true;
}

bool
enc_sandbox_available(void)
{
    uint32_t action = SECCOMP_RET_TRAP;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}
