/* enclave.h: run other people's Python in a C program, in workers that can be halted, limited and rewound.
 *
 * Built, together with libenclave.so, by
 *
 *     python -m enclave_subinterp.embed build DIR
 *
 * and told in docs/embedding.md.  What holds for all functions:
 *
 * - Units are seconds (double) and bytes.  Text is UTF-8, ended by a NUL.
 * - A function that can fail returns an enclave_status; ENCLAVE_OK is 0.  What was wrong is told by
 *   enclave_last_error(), per thread.  What a *script* did wrong is no failure of a function: it stands in the result.
 * - Every function may be called from any thread, several at a time on the same enclave or task.  Two exceptions: a
 *   config belongs to one thread at a time, and nothing may use an object while or after it is freed.
 * - What an ..._new, _open, _run, _submit or _wait hands out is the caller's, and given back with the ..._free of its
 *   type.  Pointers to text that a result gives out live as long as the result.
 * - NULL for an object is safe everywhere: ..._free does nothing, what asks answers with NULL or 0, what can fail fails
 *   with ENCLAVE_ERROR_ARGUMENT.
 * - Python is started by the first function that needs it, on a thread of the library's own.  No signal handler of the
 *   program is replaced but those of faults (SIGSEGV and its like), which go on to the program's own unless the fault
 *   is a script's; one real-time signal that has no handler is taken for the halting of scripts.  Nothing is written to
 *   the program's stdout or stderr.
 * - A thread that calls the library needs the stack of any thread of Python: 256 KiB at least.
 *
 * Values are JSON.  None, bool, int, finite float, str, list, and dict with text as keys are what JSON has for them.  All
 * else that Python has stands, in both directions, as an object with one key that names the type:
 *
 *     {"$bytes": "aGVsbG8="}  {"$tuple": [1, 2]}  {"$set": [1]}  {"$frozenset": [1]}  {"$float": "inf"}
 *     {"$int": "0x1f..."} (of 2,048 bits or more)  {"$datetime": "2025-01-31T12:00:00+00:00"}  {"$date": ...}
 *     {"$time": ...}  {"$timedelta": [days, seconds, microseconds]}  {"$Decimal": "1.50"}  {"$UUID": ...}
 *     {"$dict": [[key, value], ...]} (keys that are no text, or begin with "$")
 *
 * What cannot leave a worker at all (a function, an object of a script's own class) is the script's error:
 * ENCLAVE_CODE_RESULT_NOT_SERIALIZABLE.
 */
#ifndef ENCLAVE_H
#define ENCLAVE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ENCLAVE_API __attribute__((visibility("default")))

/* What a function came to. */
typedef enum enclave_status {
    ENCLAVE_OK = 0,
    ENCLAVE_ERROR_ARGUMENT = 1,      /* an argument or option is wrong; the message names it */
    ENCLAVE_ERROR_PYTHON = 2,        /* Python cannot be started, lacks the package, or has been finalized */
    ENCLAVE_ERROR_PLATFORM = 3,      /* the platform cannot enforce what the config requires */
    ENCLAVE_ERROR_CLOSED = 4,        /* the enclave was closed before the script could begin */
    ENCLAVE_ERROR_QUEUE_FULL = 5,    /* all workers are busy and as many scripts wait as may */
    ENCLAVE_ERROR_QUEUE_TIMEOUT = 6, /* no worker became free in time */
    ENCLAVE_ERROR_STARTUP = 7,       /* a worker could not be started */
    ENCLAVE_ERROR_TIMEOUT = 8,       /* enclave_task_wait: not done yet; the script goes on */
    ENCLAVE_ERROR_USAGE = 9,         /* not here: in the child of a fork(), or out of a tool */
    ENCLAVE_ERROR_NO_MEMORY = 10,    /* the program has no memory left */
    ENCLAVE_ERROR_INTERNAL = 11      /* a bug of the library; the message says where */
} enclave_status;

/* Why a script came to no value. */
typedef enum enclave_code {
    ENCLAVE_CODE_SUCCESS = 0,
    ENCLAVE_CODE_VALIDATION_ERROR = 1, /* refused before it ran: syntax, or the rules of the security level */
    ENCLAVE_CODE_EXECUTION_ERROR = 2,  /* an exception that the script did not catch */
    ENCLAVE_CODE_TIMEOUT = 3,
    ENCLAVE_CODE_CPU_LIMIT = 4,
    ENCLAVE_CODE_TOOL_ERROR = 5, /* the error of a tool, which the script did not catch */
    ENCLAVE_CODE_MAX_TOOL_CALLS = 6,
    ENCLAVE_CODE_MAX_ITERATIONS = 7,
    ENCLAVE_CODE_MEMORY_LIMIT_EXCEEDED = 8,
    ENCLAVE_CODE_MESSAGE_FLOOD = 9,
    ENCLAVE_CODE_MESSAGE_TOO_LARGE = 10,
    ENCLAVE_CODE_OUTPUT_LIMIT = 11,
    ENCLAVE_CODE_RESULT_NOT_SERIALIZABLE = 12,
    ENCLAVE_CODE_SANDBOX_VIOLATION = 13,
    ENCLAVE_CODE_WORKER_CRASHED = 14, /* a native crash, contained */
    ENCLAVE_CODE_ABORTED = 15         /* killed by the program, or by the closing of the enclave */
} enclave_code;

/* How far scripts are trusted; gives every limit that is not set. */
typedef enum enclave_level {
    ENCLAVE_LEVEL_STRICT = 0,
    ENCLAVE_LEVEL_SECURE = 1,
    ENCLAVE_LEVEL_STANDARD = 2, /* the default */
    ENCLAVE_LEVEL_PERMISSIVE = 3
} enclave_level;

typedef enum enclave_stream { ENCLAVE_STDOUT = 1, ENCLAVE_STDERR = 2 } enclave_stream;

typedef struct enclave_config enclave_config; /* what an enclave is to be */
typedef struct enclave enclave;               /* a pool of workers */
typedef struct enclave_task enclave_task;     /* a submitted script */
typedef struct enclave_result enclave_result; /* what a script came to */
typedef struct enclave_reply enclave_reply;   /* what a tool answers */

/* --- the library ---------------------------------------------------------------------------------------------- */

/* Start Python and load the package now rather than in the first enclave_open().
 *
 * `prefix` is the environment to use, such as "/srv/app/.venv"; NULL: that named by the environment variable
 * ENCLAVE_PYTHON_PREFIX, else the one in which the library was built.  It must be of the Python version that the library
 * was built for.  Where Python runs already in this process (the program embeds it, or is Python) that one is used, and
 * `prefix` is not looked at.  Called again it does nothing.
 *
 * ENCLAVE_ERROR_PYTHON: it cannot be done.  A prefix that does not exist may be followed by another try; after any other
 * failure the process has to be started anew. */
ENCLAVE_API enclave_status enclave_start(const char *prefix);

/* Close every enclave, as enclave_close() does, wait for calls that are under way, and end Python if the library has
 * started it.
 *
 * Not needed before exit().  After it everything that needs Python fails with ENCLAVE_ERROR_PYTHON: it cannot be
 * started a second time.  Objects are still to be freed.
 * ENCLAVE_ERROR_USAGE: called out of a tool. */
ENCLAVE_API enclave_status enclave_shutdown(void);

/* What the last function that failed in this thread had to say; never NULL.  Lives until the next failure in it. */
ENCLAVE_API const char *enclave_last_error(void);

/* "ENCLAVE_ERROR_ARGUMENT" and its like; "unknown" for a number that is none. */
ENCLAVE_API const char *enclave_status_name(enclave_status status);

/* "EXECUTION_ERROR" and its like, as in Python; "SUCCESS" for 0; "unknown" for a number that is none. */
ENCLAVE_API const char *enclave_code_name(enclave_code code);

/* The version of the package for which the library was built, such as "0.1.0". */
ENCLAVE_API const char *enclave_version(void);

/* --- what an enclave is to be ----------------------------------------------------------------------------------
 *
 * The functions store what they are given; it is checked by enclave_open().  ENCLAVE_ERROR_ARGUMENT: `config` or a name
 * is NULL.  ENCLAVE_ERROR_NO_MEMORY. */

/* A config of the level STANDARD without tools; NULL without memory. */
ENCLAVE_API enclave_config *enclave_config_new(void);
ENCLAVE_API void enclave_config_free(enclave_config *config);

ENCLAVE_API enclave_status enclave_config_set_level(enclave_config *config, enclave_level level);
/* Wall clock of a run, in seconds; INFINITY: none. */
ENCLAVE_API enclave_status enclave_config_set_timeout(enclave_config *config, double seconds);
/* Processor time of a run, in seconds.  Default: no limit. */
ENCLAVE_API enclave_status enclave_config_set_cpu_limit(enclave_config *config, double seconds);
/* Time of one tool call, in seconds.  Default: no limit.  A tool is not interrupted: the script has an error after it. */
ENCLAVE_API enclave_status enclave_config_set_tool_timeout(enclave_config *config, double seconds);
/* What a worker's interpreter may hold, in bytes; at least 8 MiB. */
ENCLAVE_API enclave_status enclave_config_set_memory_limit(enclave_config *config, int64_t bytes);
/* Tool calls of one run. */
ENCLAVE_API enclave_status enclave_config_set_max_tool_calls(enclave_config *config, int64_t calls);
/* What one run may write to stdout and stderr: bytes, and how often. */
ENCLAVE_API enclave_status enclave_config_set_max_output(enclave_config *config, int64_t bytes,
                                                         int64_t writes);
/* Workers: how many there are at least, and at most. */
ENCLAVE_API enclave_status enclave_config_set_workers(enclave_config *config, int64_t least, int64_t most);
/* Any other option, as JSON: an argument of the Python class Enclave ("allowed_modules", "globals", "pristine",
 * "max_iterations") or a field of its WorkerPoolConfig ("max_queue_size", "queue_timeout", "max_messages_per_second",
 * ...); null stands for no limit. */
ENCLAVE_API enclave_status enclave_config_set_json(enclave_config *config, const char *name,
                                                   const char *json);

/* A function that scripts call by name: `call_tool("name", {...})`.
 *
 * `arguments` is a JSON object, its text alive during the call.  The answer is set with the enclave_reply functions;
 * without any it is null.  Returns 0; any other number is an error, with the message of enclave_reply_error() if that
 * was called.  Must return, and not by longjmp() or a C++ exception.
 *
 * It is called on the thread that waits for the run, or on one of the library's where the run was submitted or the
 * script goes on meanwhile (`acall_tool`); so it may be called by several threads at a time.  It may use enclaves. */
typedef int (*enclave_tool)(void *user, const char *name, const char *arguments, enclave_reply *reply);
/* Register one; of two with the same name the last one counts.  `user` is handed to each call of it. */
ENCLAVE_API enclave_status enclave_config_add_tool(enclave_config *config, const char *name,
                                                   enclave_tool tool, void *user);

/* Output as it comes, besides the result: on the thread that waits for the run, `length` bytes and a NUL. */
typedef void (*enclave_output)(void *user, enclave_stream stream, const char *text, size_t length);
ENCLAVE_API enclave_status enclave_config_set_output(enclave_config *config, enclave_output output,
                                                     void *user);

/* The answer of a tool, copied: JSON text, or the message of an error.  Of several the last one counts.
 * Text that is not JSON gives the script an error.  ENCLAVE_ERROR_ARGUMENT, ENCLAVE_ERROR_NO_MEMORY. */
ENCLAVE_API enclave_status enclave_reply_json(enclave_reply *reply, const char *json);
ENCLAVE_API enclave_status enclave_reply_error(enclave_reply *reply, const char *message);

/* --- an enclave -------------------------------------------------------------------------------------------------- */

/* Make an enclave and start its first workers; `config` (NULL: all defaults) is copied and may be freed.
 *
 * On failure *opened is NULL.  ENCLAVE_ERROR_ARGUMENT, _PYTHON, _PLATFORM, _STARTUP, _USAGE, _NO_MEMORY. */
ENCLAVE_API enclave_status enclave_open(const enclave_config *config, enclave **opened);

/* Take no more scripts, wait for those under way (`graceful_shutdown_timeout`), halt what is left, end the workers.
 * Again: nothing.  Also while other threads run scripts; those come back with a result or ENCLAVE_ERROR_CLOSED. */
ENCLAVE_API enclave_status enclave_close(enclave *opened);

/* Close it and free it.  No other thread may use it any more; tasks of it stay valid. */
ENCLAVE_API void enclave_free(enclave *opened);

/* Run a script and wait for its end.
 *
 * source:  its text.
 * timeout: seconds for this run; 0: the enclave's; INFINITY: none.
 * globals: a JSON object of names that the script finds; NULL: none but the enclave's.
 * result:  what it came to; NULL where the function fails.
 *
 * ENCLAVE_ERROR_ARGUMENT, _PYTHON, _CLOSED, _QUEUE_FULL, _QUEUE_TIMEOUT, _STARTUP, _USAGE, _NO_MEMORY: it never began. */
ENCLAVE_API enclave_status enclave_run(enclave *opened, const char *source, double timeout,
                                       const char *globals, enclave_result **result);

/* Have a script run, and return at once; arguments and errors are those of enclave_run(), but that what keeps it in the
 * queue is told by enclave_task_wait(). */
ENCLAVE_API enclave_status enclave_submit(enclave *opened, const char *source, double timeout,
                                          const char *globals, enclave_task **task);

/* What an enclave is doing and has done. */
typedef struct enclave_stats {
    int64_t active_workers;        /* serve a script, or are being made */
    int64_t idle_workers;          /* wait for a script */
    int64_t total_workers;         /* both */
    int64_t queue_depth;           /* scripts that wait for a worker */
    int64_t total_executions;      /* scripts that ended, however they did */
    int64_t successful_executions; /* those that came to a value */
    int64_t failed_executions;     /* all others */
    int64_t timeout_executions;    /* those ended by a limit of time, of clock or processor */
    int64_t memory_kills;          /* those ended by the memory limit */
    int64_t forced_terminations;   /* those halted for any reason */
    int64_t contained_crashes;     /* native crashes that were contained */
    int64_t worker_recycles; /* how often a worker's state was thrown away outside the ordinary course */
    int64_t condemned_slots; /* workers that could not be ended and were parked */
    int64_t restart_advised; /* 1: so many workers could not be ended that the process should be restarted */
    int64_t max_worker_memory; /* bytes held by the largest worker now */
    double avg_worker_memory;  /* mean bytes held by the workers now */
    double avg_execution_time; /* mean duration of a script, in seconds */
    double timestamp;          /* when this was taken, in seconds since the epoch */
} enclave_stats;

/* Fill *stats; also after enclave_close().  ENCLAVE_ERROR_ARGUMENT, ENCLAVE_ERROR_PYTHON. */
ENCLAVE_API enclave_status enclave_get_stats(enclave *opened, enclave_stats *stats);

/* --- a submitted script ------------------------------------------------------------------------------------------ */

/* Wait for its end, `seconds` at most (INFINITY: as long as it takes; 0: just look).  Every call that succeeds gives a
 * result of its own.
 * ENCLAVE_ERROR_TIMEOUT: not done yet.  ENCLAVE_ERROR_QUEUE_TIMEOUT, _CLOSED, _STARTUP: it never began. */
ENCLAVE_API enclave_status enclave_task_wait(enclave_task *task, double seconds, enclave_result **result);

/* End it, running or waiting, from any thread; returns at once.  Its result has ENCLAVE_CODE_ABORTED then.
 * ENCLAVE_OK too where it had ended already. */
ENCLAVE_API enclave_status enclave_task_kill(enclave_task *task);

/* 1 when enclave_task_wait() would not wait, else 0. */
ENCLAVE_API int enclave_task_done(enclave_task *task);

/* Forget it; a script that still runs goes on. */
ENCLAVE_API void enclave_task_free(enclave_task *task);

/* --- a result ------------------------------------------------------------------------------------------------------
 *
 * Texts live as long as the result.  `length`, if not NULL, gets the bytes without the closing NUL: output and messages
 * of a script may have a NUL in them. */

ENCLAVE_API void enclave_result_free(enclave_result *result);

/* ENCLAVE_CODE_SUCCESS, or why there is no value; ENCLAVE_CODE_ABORTED for NULL. */
ENCLAVE_API enclave_code enclave_result_code(const enclave_result *result);
/* The script's value as JSON; NULL without success. */
ENCLAVE_API const char *enclave_result_value(const enclave_result *result, size_t *length);
/* What it wrote; "" for nothing. */
ENCLAVE_API const char *enclave_result_stdout(const enclave_result *result, size_t *length);
ENCLAVE_API const char *enclave_result_stderr(const enclave_result *result, size_t *length);
/* The error: the exception's name ("ZeroDivisionError"), its message, the script's traceback, further facts as a JSON
 * object.  NULL with success, the last two also where there are none. */
ENCLAVE_API const char *enclave_result_error_name(const enclave_result *result, size_t *length);
ENCLAVE_API const char *enclave_result_error_message(const enclave_result *result, size_t *length);
ENCLAVE_API const char *enclave_result_error_stack(const enclave_result *result, size_t *length);
ENCLAVE_API const char *enclave_result_error_data(const enclave_result *result, size_t *length);
/* Seconds: from the hand-over to the worker until the end; of its processor time; in the queue before. */
ENCLAVE_API double enclave_result_duration(const enclave_result *result);
ENCLAVE_API double enclave_result_cpu_time(const enclave_result *result);
ENCLAVE_API double enclave_result_queue_time(const enclave_result *result);
/* Counts; bytes held at most; the number of the worker. */
ENCLAVE_API int64_t enclave_result_tool_calls(const enclave_result *result);
ENCLAVE_API int64_t enclave_result_messages(const enclave_result *result);
ENCLAVE_API int64_t enclave_result_iterations(const enclave_result *result);
ENCLAVE_API int64_t enclave_result_peak_memory(const enclave_result *result);
ENCLAVE_API int64_t enclave_result_worker(const enclave_result *result);

#ifdef __cplusplus
}
#endif

#endif
