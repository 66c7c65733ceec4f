"""Builds libenclave.so (or libenclave.a) and enclave.h, and tells how a program is compiled with them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib import import_module, resources
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from .. import __version__
from .libpython import MissingError, archive, foreign_loader, include_folders, library

__all__ = ["build", "flags"]

MODULE: Final = "_enclave_embed"
# In this order they are one source file, so that nothing but what enclave.h names has to be a name of the library's.
PARTS: Final = ("preamble.h", "json.c", "start.c", "config.c", "api.c")

# What cffi has to know of preamble.h and enclave.h.  The Python functions first.
DECLARATIONS: Final = """
extern "Python" {
    int ec_open(ec_option *, int64_t, ec_tool_entry *, int64_t, void *, void *, int64_t *);
    int ec_close(int64_t);
    int ec_run(int64_t, char *, int64_t, double, char *, enclave_result **);
    int ec_submit(int64_t, char *, int64_t, double, char *, int64_t *);
    int ec_stats(int64_t, enclave_stats *);
    int ec_wait(int64_t, double, enclave_result **);
    int ec_kill(int64_t);
    int ec_done(int64_t);
    void ec_forget_enclave(int64_t);
    void ec_forget_task(int64_t);
    void ec_close_all(void);
}
void ec_tell(const char *);
void ec_call(ec_tool_entry *, const char *, ec_answer *);
void ec_free(void *);
void ec_write(void *, void *, int, const char *, int64_t);
int ec_result(enclave_result **, int, double, double, double, int64_t, int64_t, int64_t, int64_t, int64_t,
              const char *, int64_t, const char *, int64_t, const char *, int64_t, const char *, int64_t,
              const char *, int64_t, const char *, int64_t, const char *, int64_t);
"""
TYPES: Final = """
typedef ... enclave_result;
typedef struct { char *name; int kind; double number; int64_t whole; char *text; ...; } ec_option;
typedef struct { char *name; void *function; void *user; ...; } ec_tool_entry;
typedef struct { char *text; int64_t length; int failed; ...; } ec_answer;
typedef struct {
    int64_t active_workers, idle_workers, total_workers, queue_depth, total_executions, successful_executions,
            failed_executions, timeout_executions, memory_kills, forced_terminations, contained_crashes,
            worker_recycles, condemned_slots, restart_advised, max_worker_memory;
    double avg_worker_memory, avg_execution_time, timestamp;
    ...;
} enclave_stats;
enum { EC_NUMBER, EC_WHOLE, EC_JSON, ... };
"""
_STARTED: Final = f"""
from {MODULE} import ffi, lib
from enclave_subinterp.embed.bridge import attach
attach(ffi, lib)
"""


def build(folder: Path, *, static: bool = False) -> list[Path]:
    """Make the library and the header in `folder`, which is made if it is not there; returns what was made.

    CC, CFLAGS and LDFLAGS are heeded.

    Raises:
        MissingError: cffi, a compiler, Python.h or a libpython is missing, or the compiler failed.
    """
    if find_spec("cffi") is None:
        raise MissingError(
            f"{sys.executable} has no cffi.\n"
            f"The extra `embed` brings it:  {sys.executable} -m pip install 'enclave_subinterp[embed]'"
        )
    compiler = _compiler()
    python = None if static else library()
    if static:
        archive()
    folder.mkdir(parents=True, exist_ok=True)
    made = [folder / ("libenclave.a" if static else "libenclave.so"), folder / "enclave.h"]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "embed.c").write_text(_source(work), encoding="utf-8")
        command = [*compiler, "-O2", "-g", "-fPIC", "-fvisibility=hidden", "-pthread", f"-I{work}"]
        command += [f"-I{path}" for path in include_folders()]
        command += shlex.split(os.environ.get("CFLAGS", ""))
        if python is None:
            _run([*command, "-c", "embed.c", "-o", "embed.o"], work)
            _run(["ar", "rcs", "libenclave.a", "embed.o"], work)
        else:
            command += ["-shared", "embed.c", "-o", "libenclave.so", "-Wl,-soname,libenclave.so"]
            command += [str(python), f"-Wl,-rpath,{python.parent}", "-ldl"]
            if foreign_loader() is not None:
                command.append("-Wl,--allow-shlib-undefined")
            _run([*command, *shlex.split(os.environ.get("LDFLAGS", ""))], work)
        for file in made:  # by a rename, since a program may have the old one loaded
            fresh = folder / f".{file.name}.new"
            shutil.copyfile(work / file.name, fresh)
            fresh.replace(file)
    return made


def flags(folder: Path, *, static: bool = False) -> list[str]:
    """What stands behind the source files of a program on the compiler's command line.

    Raises:
        MissingError: a libpython is missing.
    """
    folder = folder.resolve()
    loader = foreign_loader()
    found = [f"-I{folder}"]
    if static:
        python = archive()
        found += ["-no-pie"]  # Debian's libpython is not position-independent
        found += [str(folder / "libenclave.a"), "-Wl,--export-dynamic"]
        found += ["-Wl,--whole-archive", str(python), "-Wl,--no-whole-archive"]
        for variable in ("LIBS", "SYSLIBS", "MODLIBS"):
            words = shlex.split(sysconfig.get_config_var(variable) or "")
            found += [word for word in words if word.startswith("-")]
        found += ["-ldl", "-lm", "-lutil", "-pthread"]
    else:
        found += [f"-L{folder}", "-lenclave", f"-Wl,-rpath,{folder}"]
    if loader is not None:
        # A run path that holds for what libraries need, too; their symbols are that loader's affair.
        found += [f"-Wl,--dynamic-linker={loader.path}", "-Wl,--disable-new-dtags"]
        found += [f"-Wl,-rpath,{path}" for path in loader.folders]
        found += ["-Wl,--allow-shlib-undefined"]
    return found


def _compiler() -> list[str]:
    named = shlex.split(os.environ.get("CC", ""))
    if named and shutil.which(named[0]) is None:
        raise MissingError(f"There is no C compiler called {named[0]} (from the variable CC).")
    found = named or [name for name in ("cc", "gcc", "clang") if shutil.which(name)][:1]
    if not found:
        raise MissingError(
            "A C compiler is needed, and there is none (no cc, gcc or clang on PATH).\n"
            "Debian and Ubuntu have one in the package build-essential, Fedora in gcc."
        )
    return found


def _source(work: Path) -> str:
    """The text of the library, out of our own and what cffi makes; its parts are copied to `work`."""
    cffi = import_module("cffi")  # no types of it are needed for so little

    own = resources.files(__package__)
    for name in ("enclave.h", *PARTS):
        (work / name).write_bytes(own.joinpath(name).read_bytes())
    builder = cffi.FFI()
    builder.embedding_api("")  # the functions that are exported are C's own
    builder.embedding_init_code(_STARTED)
    builder.cdef(TYPES)
    builder.cdef(DECLARATIONS)
    builder.set_source(MODULE, "".join(f'#include "{name}"\n' for name in ("places.h", *PARTS)))
    (work / "places.h").write_text(_places(cffi), encoding="utf-8")
    made = work / "cffi.c"
    with contextlib.redirect_stdout(io.StringIO()):  # it says what it is doing
        builder.emit_c_code(str(made))
    return made.read_text(encoding="utf-8")


def _places(cffi: object) -> str:
    """What is recorded of this environment, as macros: strings of JSON are strings of C."""
    backend = find_spec("_cffi_backend")
    values = {
        "EMBED_VERSION": __version__,
        "EMBED_CFFI_VERSION": getattr(cffi, "__version__", ""),
        "EMBED_PREFIX": sys.prefix,
        "EMBED_EXECUTABLE": sys.executable,
        "EMBED_PROGRAM": "python{}.{}".format(*sys.version_info),
        "EMBED_LIBRARY": sysconfig.get_path("stdlib"),
        "EMBED_LIBRARY_FOLDER": sys.platlibdir,
        "EMBED_PACKAGES": str(Path(__file__).resolve().parents[2]),
        "EMBED_CFFI_PACKAGES": str(Path(backend.origin).parent) if backend and backend.origin else "",
    }
    return "".join(
        f"#define {name} {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items()
    )


def _run(command: list[str], work: Path) -> None:
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MissingError(f"the compiler failed:\n  {shlex.join(command)}\n{done.stdout}{done.stderr}")
    sys.stderr.write(done.stderr)  # warnings
