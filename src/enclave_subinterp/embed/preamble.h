/* preamble.h: what the C files need, and what both sides of cffi share (declared a second time in build.py). */

#include <dlfcn.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "enclave.h"

struct told {
    char text[4096];
};

enum { EC_NUMBER, EC_WHOLE, EC_JSON };

typedef struct ec_option {
    char *name;
    int kind;
    double number;
    int64_t whole;
    char *text;
} ec_option;

typedef struct ec_tool_entry {
    char *name;
    void *function; /* an enclave_tool */
    void *user;
} ec_tool_entry;

typedef struct ec_answer {
    char *text;
    int64_t length;
    int failed;
} ec_answer;

static int cffi_start_python(void);
static int ec_open(ec_option *, int64_t, ec_tool_entry *, int64_t, void *, void *, int64_t *);
static int ec_close(int64_t);
static int ec_run(int64_t, char *, int64_t, double, char *, enclave_result **);
static int ec_submit(int64_t, char *, int64_t, double, char *, int64_t *);
static int ec_stats(int64_t, enclave_stats *);
static int ec_wait(int64_t, double, enclave_result **);
static int ec_kill(int64_t);
static int ec_done(int64_t);
static void ec_forget_enclave(int64_t);
static void ec_forget_task(int64_t);
static void ec_close_all(void);
