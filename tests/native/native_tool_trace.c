/* Count the system calls of a program between two marks: `native_tool_trace PROGRAM ARGUMENT...`.

   The program calls close(-1000) where the count begins and close(-1001) where it ends.  What is then written, a line a
   call, are the number of the calls, whose they were and their name: "thread" is that of the marks, "others" are all the
   rest.  Exit code 77: tracing is not allowed here. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "native_test.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BEGIN = -1000, END = -1001, MOST = 1024, NOT_ALLOWED = 77 };

static const struct {
    long number;
    const char *name;
} names[] = {
#include "syscall_names.h"
};

static unsigned long own[MOST], others[MOST];

static const char *
name_of(long number)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].number == number) {
            return names[i].name;
        }
    }
    return "?";
}

static void
count(pid_t thread)
{
    static pid_t marked;
    struct __ptrace_syscall_info info;
    CHECK(ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) > 0);
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) {
        return;
    }
    if (info.entry.nr == SYS_close && (int)info.entry.args[0] == BEGIN) {
        marked = thread;
    }
    else if (info.entry.nr == SYS_close && (int)info.entry.args[0] == END) {
        marked = 0;
    }
    else if (marked != 0 && info.entry.nr < MOST) {
        (marked == thread ? own : others)[info.entry.nr]++;
    }
}

static void
follow(pid_t program)
{
    for (;;) {
        int status;
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0 && errno == ECHILD) {
            return;
        }
        CHECK(thread > 0);
        if (!WIFSTOPPED(status)) {
            if (thread == program && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
                fprintf(stderr, "the program ended with status %#x\n", (unsigned)status);
                exit(1);
            }
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16;
        if (signal == (SIGTRAP | 0x80)) {
            count(thread);
            signal = 0;
        }
        else if (event != 0) { /* a new thread, an exec */
            signal = 0;
        }
        ptrace(PTRACE_SYSCALL, thread, 0,
               signal); /* a thread that was ended meanwhile is told of by waitpid */
    }
}

int
main(int argc, char **argv)
{
    CHECK(argc > 1);
    pid_t program = fork();
    CHECK(program >= 0);
    if (program == 0) {
        raise(SIGSTOP);
        execv(argv[1], argv + 1);
        _exit(127);
    }
    CHECK(waitpid(program, NULL, WUNTRACED) == program);
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC;
    if (ptrace(PTRACE_SEIZE, program, 0, options) != 0) {
        perror("PTRACE_SEIZE");
        kill(program, SIGKILL);
        return NOT_ALLOWED;
    }
    kill(program, SIGCONT);
    follow(program);
    for (long i = 0; i < MOST; i++) {
        if (own[i] != 0) {
            printf("%lu thread %s\n", own[i], name_of(i));
        }
        if (others[i] != 0) {
            printf("%lu others %s\n", others[i], name_of(i));
        }
    }
    return 0;
}
