/* start.c: the life of Python in a program that is not Python.
 *
 * Where no Python runs yet it is started, and ended, on the *house thread*: that thread is Python's main thread, so the
 * program's threads may come and go, and none of them ever runs signal handlers of Python.  Every function of the
 * library that needs Python stands between enter() and leave(); enter() starts it.
 *
 * The end closes the enclaves first, so that calls under way come back, and waits for these.
 *
 * Locks: `life_lock` guards `life` and the reason of a failure; nothing is called with it held.  `inside` counts the
 * calls under way and is looked at without it: enter() counts itself first and looks at `life` then, the end changes
 * `life` first and looks at `inside` then, so one of them sees the other.
 *
 * Py_InitializeFromConfig is called here and not by cffi, whose Py_InitializeEx() ends the process when it fails; and
 * everything that cffi's start would complain of on stderr is tried before.
 */

enum { LIFE_NEW, LIFE_STARTING, LIFE_RUNNING, LIFE_ENDING, LIFE_ENDED, LIFE_FAILED };

static pthread_mutex_t life_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t life_changed = PTHREAD_COND_INITIALIZER;
static atomic_int life = LIFE_NEW;
static atomic_long inside;
static char failure[sizeof(((struct told *)NULL)->text)]; /* why LIFE_FAILED */
static int ours;                                          /* Python was started here */
static int startable_again;                               /* nothing of Python has been touched yet */
static pthread_t house;
static atomic_int forked;

static _Thread_local struct told last_error;
static _Thread_local int depth; /* of calls of this thread: more than one out of a tool */

static enclave_status
fail(enclave_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error.text, sizeof last_error.text, format, arguments);
    va_end(arguments);
    return status;
}

static void
in_child(void)
{
    atomic_store(&forked, 1);
}

static int
finalizing(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing();
#else
    return _Py_IsFinalizing();
#endif
}

/* --- starting ------------------------------------------------------------------------------------------------- */

static int
is_folder(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* Extension modules look up Python's functions among the global names of the process; those of a library that was
 * loaded by a plain dlopen(), as plug-ins are, are not among them. */
static void
make_python_global(void)
{
    Dl_info found;
    if (dladdr((void *)(uintptr_t)&Py_InitializeFromConfig, &found) != 0 && found.dli_fname != NULL) {
        (void)dlopen(found.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
    }
}

/* The text of Python's current exception, into `failure`. */
static int
python_failed(const char *what)
{
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *text = raised != NULL ? PyObject_Str(raised) : NULL;
    const char *message = text != NULL ? PyUnicode_AsUTF8(text) : NULL;
    snprintf(failure, sizeof failure, "%s: %s: %s", what,
             raised != NULL ? Py_TYPE(raised)->tp_name : "no exception",
             message != NULL ? message : "(no message)");
    Py_XDECREF(text);
    Py_XDECREF(raised);
    PyErr_Clear();
    return -1;
}

static int
start_interpreter(const char *prefix)
{
    char executable[PATH_MAX];
    if (prefix != NULL) {
        snprintf(executable, sizeof executable, "%s/bin/%s", prefix, EMBED_PROGRAM);
    }
    else {
        snprintf(executable, sizeof executable, "%s", EMBED_EXECUTABLE);
    }
    make_python_global();
    PyPreConfig before;
    PyPreConfig_InitIsolatedConfig(&before);
    before.utf8_mode = 1;   /* the program's locale is its own */
#ifdef ENCLAVE_EMBED_MALLOC /* for Valgrind and sanitizers: they do not see into Python's own allocator */
    before.allocator = PYMEM_ALLOCATOR_MALLOC;
#endif
    PyStatus status = Py_PreInitialize(&before);
    if (!PyStatus_Exception(status)) {
        PyConfig config;
        PyConfig_InitIsolatedConfig(&config); /* no variables, no signal handlers, no user site */
        config.pathconfig_warnings = 0;
        status = PyConfig_SetBytesString(&config, &config.executable, executable);
        if (!PyStatus_Exception(status)) {
            status = PyConfig_SetBytesString(&config, &config.program_name, executable);
        }
        if (!PyStatus_Exception(status)) {
            status = Py_InitializeFromConfig(&config);
        }
        PyConfig_Clear(&config);
    }
    if (!PyStatus_Exception(status)) {
        /* Whoever imports signal first sets Python's handler of SIGINT, whatever the config says. */
        struct sigaction own;
        sigaction(SIGINT, NULL, &own);
        Py_XDECREF(PyImport_ImportModule("_signal"));
        PyErr_Clear();
        sigaction(SIGINT, &own, NULL);
    }
    if (PyStatus_Exception(status)) {
        snprintf(failure, sizeof failure, "Python cannot be started with %s: %s", executable,
                 status.err_msg != NULL ? status.err_msg : "no reason is known");
        return -1;
    }
    return 0;
}

/* With the GIL: the packages, then cffi's own start, which runs the library's Python side. */
static int
load_packages(const char *prefix)
{
    static const char code[] =
        "def load(folders, version, cffi, added, encode, quiet):\n"
        "    import sys\n"
        "    if quiet:\n" /* as a Python without a console: warnings and tracebacks of threads go nowhere */
        "        sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None\n"
        "    if added:\n"
        "        sys.path += [folder for folder in folders if folder not in sys.path]\n"
        "    import enclave_subinterp, _cffi_backend\n"
        "    import enclave_subinterp.embed.bridge as bridge\n"
        "    bridge.encode_plain = encode\n"
        "    for name, wanted, there in (('enclave_subinterp', version, enclave_subinterp.__version__),\n"
        "                                ('cffi', cffi, _cffi_backend.__version__)):\n"
        "        if wanted != there:\n"
        "            raise ImportError(f'the library was built with {name} {wanted}, and there is {there};'\n"
        "                              ' build it anew')\n";
    PyObject *names = PyDict_New();
    PyObject *done = NULL;
    if (names != NULL && PyDict_SetItemString(names, "__builtins__", PyEval_GetBuiltins()) == 0) {
        PyObject *defined = PyRun_String(code, Py_file_input, names, names);
        Py_XDECREF(defined);
        if (defined != NULL) {
            done = PyObject_CallFunction(PyDict_GetItemString(names, "load"), "(ss)ssiNi", EMBED_PACKAGES,
                                         EMBED_CFFI_PACKAGES, EMBED_VERSION, EMBED_CFFI_VERSION,
                                         prefix == NULL, PyCFunction_New(&encode_plain_method, NULL), ours);
        }
    }
    int result = 0;
    if (done == NULL) {
        result = python_failed("the package cannot be loaded");
    }
    else if (cffi_start_python() < 0) {
        result = -1;
        snprintf(failure, sizeof failure, "cffi could not set up the library's Python side");
    }
    Py_XDECREF(done);
    Py_XDECREF(names);
    return result;
}

static void
set_life(int now)
{
    pthread_mutex_lock(&life_lock);
    atomic_store(&life, now);
    pthread_cond_broadcast(&life_changed);
    pthread_mutex_unlock(&life_lock);
}

/* With `life_lock`: wait until something has changed, without the GIL, should the program's own Python have given it to
 * this thread: whoever is to bring the change about may need it. */
static void
wait_for_change(void)
{
    PyThreadState *state = !ours && Py_IsInitialized() && PyGILState_Check() ? PyEval_SaveThread() : NULL;
    pthread_cond_wait(&life_changed, &life_lock);
    if (state != NULL) {
        pthread_mutex_unlock(&life_lock); /* nobody waits for the GIL with it */
        PyEval_RestoreThread(state);
        pthread_mutex_lock(&life_lock);
    }
}

/* Wait for that time of life, and until at most so many calls are under way. */
static void
wait_until(int wanted, long calls)
{
    pthread_mutex_lock(&life_lock);
    while (atomic_load(&life) != wanted || atomic_load(&inside) > calls) {
        wait_for_change();
    }
    pthread_mutex_unlock(&life_lock);
}

/* What the house thread does: all of Python's life. */
static void *
live(void *argument)
{
    char *prefix = argument;
    int started = start_interpreter(prefix) == 0;
    PyThreadState *state = NULL;
    if (started) {
        int loaded = load_packages(prefix) == 0;
        state = PyEval_SaveThread();
        started = loaded;
    }
    free(prefix);
    set_life(started ? LIFE_RUNNING : LIFE_FAILED);
    if (!started) {
        return NULL; /* what there is of Python stays as it is */
    }
    wait_until(LIFE_ENDING, LONG_MAX);
    PyEval_RestoreThread(state);
    ec_close_all(); /* calls under way come back by it */
    state = PyEval_SaveThread();
    wait_until(LIFE_ENDING, 0);
    PyEval_RestoreThread(state);
    ec_close_all(); /* what was just being opened */
    (void)Py_FinalizeEx();
    set_life(LIFE_ENDED);
    return NULL;
}

/* Whether the environment whose programs are in `folder` has what Python cannot start without. */
static int
has_library(const char *folder)
{
    static const char *const places[] = {"lib", EMBED_LIBRARY_FOLDER};
    char path[PATH_MAX];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/../%s/" EMBED_PROGRAM "/encodings", folder, places[i]);
        if (is_folder(path)) {
            return 1;
        }
    }
    return 0;
}

/* The same for where a program really is, should it be a link. */
static int
has_library_behind(const char *folder)
{
    char path[PATH_MAX], real[PATH_MAX];
    snprintf(path, sizeof path, "%s/" EMBED_PROGRAM, folder);
    char *slash = realpath(path, real) != NULL ? strrchr(real, '/') : NULL;
    if (slash == NULL) {
        return 0;
    }
    *slash = '\0';
    return has_library(real);
}

/* Whether there is a standard library for an environment, looked for where Python will: where CPython does not find one
 * it fills the program's stderr.  A virtual environment names the folder of its Python's program. */
static int
can_start(const char *prefix)
{
    char path[PATH_MAX], line[PATH_MAX], home[PATH_MAX];
    snprintf(path, sizeof path, "%s/pyvenv.cfg", prefix);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(path, sizeof path, "%s/bin", prefix);
        return has_library(path) || has_library_behind(path);
    }
    int found = 0;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, " home = %4000[^\n]", home) == 1) {
            found = has_library(home) || has_library_behind(home);
        }
    }
    fclose(file);
    return found;
}

/* The environment to use, checked as far as can be without Python; -1 and `failure` if it will not do. */
static int
choose_prefix(const char *asked, char **chosen)
{
    if (asked == NULL) {
        asked = getenv("ENCLAVE_PYTHON_PREFIX");
    }
    *chosen = NULL;
    if (asked == NULL || asked[0] == '\0') {
        if (is_folder(EMBED_PREFIX) && is_folder(EMBED_LIBRARY "/encodings")) {
            return 0;
        }
        snprintf(failure, sizeof failure,
                 "the environment in which the library was built is gone: %s; name another one with "
                 "ENCLAVE_PYTHON_PREFIX",
                 EMBED_PREFIX);
        return -1;
    }
    if (!is_folder(asked)) {
        snprintf(failure, sizeof failure, "there is no environment %.3000s", asked);
        return -1;
    }
    if (!can_start(asked)) {
        snprintf(failure, sizeof failure, "%.3000s is no environment of " EMBED_PROGRAM ", or that is gone",
                 asked);
        return -1;
    }
    *chosen = strdup(asked);
    if (*chosen == NULL) {
        snprintf(failure, sizeof failure, "out of memory");
        return -1;
    }
    return 0;
}

static int
start_house(char *prefix)
{
    sigset_t all, old;
    pthread_attr_t attributes;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, (size_t)8 << 20);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* the program's signals go to the program's threads */
    int error = pthread_create(&house, &attributes, live, prefix);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

/* The first caller starts Python, the others wait for that. */
static enclave_status
start(const char *prefix)
{
    static int fork_watched;
    pthread_mutex_lock(&life_lock);
    if (!fork_watched) {
        fork_watched = pthread_atfork(NULL, NULL, in_child) == 0;
    }
    if (atomic_load(&life) == LIFE_NEW || (atomic_load(&life) == LIFE_FAILED && startable_again)) {
        char *chosen = NULL;
        startable_again = 0;
        atomic_store(&life, LIFE_STARTING);
        if (Py_IsInitialized()) {
            pthread_mutex_unlock(&life_lock); /* whoever has the GIL may come here too */
            PyGILState_STATE state = PyGILState_Ensure();
            int loaded = load_packages(NULL) == 0;
            PyGILState_Release(state);
            set_life(loaded ? LIFE_RUNNING : LIFE_FAILED);
            pthread_mutex_lock(&life_lock);
        }
        else if (choose_prefix(prefix, &chosen) < 0) {
            startable_again = 1;
            atomic_store(&life, LIFE_FAILED);
            pthread_cond_broadcast(&life_changed);
        }
        else {
            ours = 1;
            int error = start_house(chosen);
            if (error != 0) {
                free(chosen);
                startable_again = 1;
                snprintf(failure, sizeof failure, "no thread for Python can be started: %s", strerror(error));
                atomic_store(&life, LIFE_FAILED);
                pthread_cond_broadcast(&life_changed);
            }
        }
    }
    while (atomic_load(&life) == LIFE_STARTING) {
        wait_for_change();
    }
    enclave_status status = ENCLAVE_OK;
    if (atomic_load(&life) == LIFE_FAILED) {
        status = fail(ENCLAVE_ERROR_PYTHON, "%s", failure);
    }
    pthread_mutex_unlock(&life_lock);
    return status;
}

/* --- around each call ------------------------------------------------------------------------------------------- */

static void
leave(void)
{
    depth--;
    if (atomic_fetch_sub(&inside, 1) == 1 && atomic_load(&life) == LIFE_ENDING) {
        pthread_mutex_lock(&life_lock);
        pthread_cond_broadcast(&life_changed);
        pthread_mutex_unlock(&life_lock);
    }
}

static enclave_status
enter(const char *prefix)
{
    if (atomic_load(&forked)) {
        return fail(ENCLAVE_ERROR_USAGE,
                    "this is the child of a fork(): Python's threads are in the parent only");
    }
    int now = atomic_load(&life);
    if (now == LIFE_NEW || now == LIFE_STARTING || now == LIFE_FAILED) {
        enclave_status status = start(prefix);
        if (status != ENCLAVE_OK) {
            return status;
        }
    }
    depth++;
    atomic_fetch_add(&inside, 1);
    now = atomic_load(&life);
    /* A call out of a tool is part of one that the end waits for. */
    if (!(now == LIFE_RUNNING || (now == LIFE_ENDING && depth > 1)) || !Py_IsInitialized() || finalizing()) {
        leave();
        return fail(ENCLAVE_ERROR_PYTHON, "Python has been finalized");
    }
    return ENCLAVE_OK;
}

enclave_status
enclave_start(const char *prefix)
{
    enclave_status status = enter(prefix);
    if (status == ENCLAVE_OK) {
        leave();
    }
    return status;
}

static void
close_all(void)
{
    if (Py_IsInitialized() && !finalizing()) {
        ec_close_all();
    }
}

enclave_status
enclave_shutdown(void)
{
    if (atomic_load(&forked)) {
        return fail(ENCLAVE_ERROR_USAGE,
                    "this is the child of a fork(): Python's threads are in the parent only");
    }
    if (depth != 0) {
        return fail(ENCLAVE_ERROR_USAGE,
                    "enclave_shutdown() was called out of a tool, whose run it would wait for");
    }
    pthread_mutex_lock(&life_lock);
    while (atomic_load(&life) == LIFE_STARTING) {
        wait_for_change();
    }
    int was = atomic_load(&life);
    if (was == LIFE_NEW || was == LIFE_RUNNING) {
        atomic_store(&life, was == LIFE_NEW ? LIFE_ENDED : LIFE_ENDING);
        pthread_cond_broadcast(&life_changed);
    }
    pthread_mutex_unlock(&life_lock);
    if (was == LIFE_RUNNING && !ours) { /* the program's own Python: only the enclaves end */
        close_all();
        wait_until(LIFE_ENDING, 0);
        close_all();
        set_life(LIFE_ENDED);
    }
    else if (was == LIFE_RUNNING || was == LIFE_ENDING) {
        wait_until(LIFE_ENDED, LONG_MAX);
    }
    return ENCLAVE_OK;
}
