"""The environment of one interpreter, and the project's tasks in it.

``make`` starts this through ``tools/with-python``, so it runs under the CPython that the project is to be tried on.
Everything made here lies in ``.venv/<version>`` and ``build/``, and is made again only when what it came from has
changed: the interpreter, the lists of packages in ``pyproject.toml``, the sources.

    tools/with-python tools/env.py TASK [ARGUMENT...]
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
# What a build depends on: these files, and these variables.
SOURCES = ("CMakeLists.txt", "pyproject.toml", "csrc", "src", "tests/native")
BUILD_VARIABLES = ("CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "CMAKE_ARGS", "CMAKE_GENERATOR", "ENCLAVE_WERROR")
# These would let something other than the environment's own packages in.
FOREIGN_VARIABLES = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "__PYVENV_LAUNCHER__",
)
LOG_TAIL = 40
C_FOLDERS = (
    "csrc",
    "src/enclave_subinterp/embed",
    "tests/native",
    "tests/embed",
    "examples/embed",
    "benchmarks/native",
)
OFF_LINE = (
    "\nThe packages come from pip's package index: is there a network?  A mirror or a folder of wheels is named by"
    " pip's own variables, PIP_INDEX_URL or PIP_NO_INDEX=1 and PIP_FIND_LINKS."
)


class TaskError(Exception):
    """What a person has to read, and nothing more; ``code`` is the exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def step(title: str, command: list[str | Path], log: Path, *, cwd: Path = ROOT, advice: str = "") -> None:
    """Run something noisy: its output goes to ``log``, a line with the time it takes to the terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    shown = sys.stderr.isatty()
    start = time.monotonic()
    sys.stderr.write(f"  {title} ...")
    sys.stderr.flush()
    with log.open("w", encoding="utf-8") as out:
        out.write(f"$ {shlex.join(map(str, command))}\n")
        out.flush()
        with subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        ) as process:
            code = None
            while code is None:
                try:
                    code = process.wait(0.2 if shown else None)
                except subprocess.TimeoutExpired:
                    sys.stderr.write(f"\r  {title} ... {time.monotonic() - start:.0f} s ")
                    sys.stderr.flush()
    seconds = time.monotonic() - start
    done = f"{seconds:.1f} s" if code == 0 else f"failed after {seconds:.1f} s"
    say(f"\r  {title} ... {done} " if shown else f" {done}")
    if code != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        # From the first error on, where that is further up than the tail.
        error = next(
            (i for i, line in enumerate(lines) if re.search(r"\berror:|Error at |ERROR", line)), len(lines)
        )
        first = max(0, min(error - 3, len(lines) - LOG_TAIL))
        say("\n".join(f"    | {line}" for line in lines[first : first + LOG_TAIL]))
        raise TaskError(f"{title} failed; the whole output is in {log.relative_to(ROOT)}.{advice}")


def digest_of_sources() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        top = ROOT / source
        files = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".so":
                content = path.read_bytes()
                digest.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def need_compiler() -> None:
    named = os.environ.get("CC")
    if named:
        if shutil.which(shlex.split(named)[0]) is None:
            raise TaskError(f"There is no C compiler called {named} (from the variable CC).", 2)
    elif not any(map(shutil.which, ("cc", "gcc", "clang"))):
        raise TaskError(
            "A C compiler is needed to build the extension, and there is none (no cc, gcc or clang on PATH).\n"
            "Debian and Ubuntu have one in the package build-essential, Fedora in gcc.",
            2,
        )


class Environment:
    """``.venv/<version>``: what is in it is noted in a stamp, and only what the stamp lacks is done."""

    def __init__(self, variant: str = "", defines: dict[str, str] | None = None) -> None:
        self.name = platform.python_version() + (f"-{variant}" if variant else "")
        self.path = ROOT / ".venv" / self.name
        self.python = self.path / "bin" / "python"
        self.build = ROOT / "build" / self.name
        self.logs = ROOT / "build" / "logs" / self.name
        self._stamp_file = self.path / "enclave-stamp.json"
        self._defines = dict(defines or {})
        if os.environ.get("ENCLAVE_WERROR"):
            self._defines["ENCLAVE_WERROR"] = "ON"
        with (ROOT / "pyproject.toml").open("rb") as file:
            self._project = tomllib.load(file)

    def ready(self, *extras: str, package: bool = True) -> None:
        """Bring the environment up to date: the packages of these extras and, unless told not to, our own."""
        with self._locked():
            if package and not self.python.exists():
                need_compiler()  # said before anything is fetched
            stamp = self._made()
            stamp = self._with_packages(stamp, ("build", *extras) if package else extras)
            if package:
                self._with_ourselves(stamp)

    def pip(self, *arguments: str | Path) -> list[str | Path]:
        return [self.python, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]

    def requirements(self, extra: str) -> list[str]:
        if extra == "build":
            return list(self._project["build-system"]["requires"])
        return list(self._project["project"]["optional-dependencies"][extra])

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(exist_ok=True)
        with (self.path.parent / f"{self.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"  waiting for another make that prepares .venv/{self.name} ...")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, stamp: dict[str, str]) -> None:
        fresh = self._stamp_file.with_suffix(".new")
        fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        fresh.replace(self._stamp_file)

    def _made(self) -> dict[str, str]:
        base = str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())
        origin = " ".join((base, sys.version, str(sysconfig.get_config_var("SOABI")), str(self.path)))
        try:
            stamp: dict[str, str] = json.loads(self._stamp_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            stamp = {}
        if stamp.get("origin") != origin or not self.python.exists():
            say(f"Preparing .venv/{self.name} (once):")
            shutil.rmtree(self.path, ignore_errors=True)
            shutil.rmtree(self.build, ignore_errors=True)
            command: list[str | Path] = [sys.executable, "-m", "venv", self.path]
            step("making the environment", command, self.logs / "venv.log")
            stamp = {"origin": origin}
            self._write(stamp)
        return stamp

    def _with_packages(self, stamp: dict[str, str], extras: tuple[str, ...]) -> dict[str, str]:
        wanted = {extra: self.requirements(extra) for extra in extras}
        missing = [
            extra for extra, names in wanted.items() if stamp.get(f"extra {extra}") != "\n".join(names)
        ]
        if not missing:
            return stamp
        names = [name for extra in missing for name in wanted[extra]]
        command = self.pip("install", "--prefer-binary", *names)
        log = self.logs / "packages.log"
        step(f"installing packages ({', '.join(missing)})", command, log, advice=OFF_LINE)
        if "build" in missing:
            self._with_build_tools()
        stamp = {**stamp, **{f"extra {extra}": "\n".join(wanted[extra]) for extra in missing}}
        self._write(stamp)
        return stamp

    def _with_build_tools(self) -> None:
        """CMake and ninja, from PyPI, where the build backend says that the machine's are missing or too old."""
        ask = "import json, scikit_build_core.build as b; print(json.dumps(b.get_requires_for_build_wheel()))"
        command = [str(self.python), "-c", ask]
        answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
        tools = json.loads(answer.splitlines()[-1])
        if tools:
            log = self.logs / "tools.log"
            step(f"installing {', '.join(tools)}", self.pip("install", *tools), log, advice=OFF_LINE)

    def _with_ourselves(self, stamp: dict[str, str]) -> None:
        variables = " ".join(f"{name}={os.environ.get(name, '')}" for name in BUILD_VARIABLES)
        digest = digest_of_sources()
        installed = self.path / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
        same = stamp.get("variables") == variables
        if same and stamp.get("package") == digest and (installed / "enclave_subinterp").is_dir():
            return
        need_compiler()
        self._write({**stamp, "package": ""})
        if not same:  # CMake would go on with what its cache says
            shutil.rmtree(self.build, ignore_errors=True)
        command = self.pip(
            "install", "-v", "--no-index", "--no-deps", "--no-build-isolation", "--force-reinstall"
        )
        command += ["-C", f"build-dir={self.build}"]
        for name, value in self._defines.items():
            command += ["-C", f"cmake.define.{name}={value}"]
        step("building enclave_subinterp", [*command, ROOT], self.logs / "build.log")
        self._write({**stamp, "package": digest, "variables": variables})

    def run(self, *arguments: str | Path) -> NoReturn:
        """Become the environment's Python with these arguments."""
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(self.python, [str(self.python), *map(str, arguments)])


# What the sanitizers watch.  Left out is what counts resident memory, of which they take a multiple of their own.
# So are the contract's tests: their workers are in the sandbox, which refuses what AddressSanitizer has to say there.
# Findings in tests that wait for a time are this machine's as often as ours: they want a machine that is not busy.
SANITIZED = (
    "tests/unit",
    "tests/core",
    "tests/suites",
    "--ignore=tests/core/test_growth.py",
    # Address space: theirs is 16 TB, which is more than a limit leaves and takes for ever to search.
    "--ignore=tests/core/test_outside.py",
    "--ignore=tests/core/test_outside_programs.py",
    "--deselect=tests/core/test_capabilities.py::test_without_address_space",
    "--ignore=tests/suites/test_memory.py",
)

# --- tasks ---------------------------------------------------------------------------------------------------------


def build() -> None:
    environment = Environment()
    environment.ready("pool")
    print(environment.python)


def demo(*arguments: str) -> None:
    environment = Environment()
    environment.ready("pool", "demo")
    environment.run("-m", "demo", *arguments)


def tested() -> Environment:
    """The environment of the tests: the extension has what only they need, and the native programs are built."""
    environment = Environment("test", {"ENCLAVE_TESTING": "ON"})
    environment.ready("pool", "cli", "metrics", "tracing", "demo", "plot", "embed", "test", "examples")
    return environment


def test(*arguments: str) -> None:
    """Files of tests on as many processes as there are processors; tests that were chosen on one."""
    processors = min(4, len(os.sched_getaffinity(0)))
    whole = processors > 1 and all(argument.startswith("-") for argument in arguments)
    spread = ("-n", str(processors), "--dist=loadfile") if whole else ()
    tested().run("-m", "pytest", *spread, *arguments)


def stress(*arguments: str) -> None:
    tested().run("-m", "pytest", "-m", "stress", "--timeout=3600", *arguments)


def fuzz(*arguments: str) -> None:
    tested().run("-m", "pytest", "tests/fuzz", "-m", "stress", "-s", "--timeout=0", *arguments)


def soak(*arguments: str) -> None:
    tested().run("tests/soak/soak.py", os.environ.get("ENCLAVE_SOAK_MINUTES", "10"), *arguments)


def measured() -> Environment:
    """The environment of the benchmarks, with the peers."""
    environment = Environment()
    environment.ready("pool", "cli", "plot", "embed", "test", "bench")
    return environment


def bench(*arguments: str) -> None:
    measured().run("-m", "benchmarks", *arguments)


def bench_tests(*arguments: str) -> None:
    everything = [] if any(argument.startswith("benchmarks/") for argument in arguments) else ["benchmarks"]
    measured().run("-m", "pytest", *everything, *arguments)


def report(*arguments: str) -> None:
    measured().run("-m", "benchmarks.report", *arguments)


def guard(*arguments: str) -> None:
    tested().run("tests/guard/counting.py", *arguments)


def thread_sanitize(compiler: list[str], environment: Environment) -> None:
    """The native programs once more, under ThreadSanitizer, which does not go together with the others."""
    flags = ["-std=gnu17", "-O1", "-g", "-pthread", "-fsanitize=thread", f"-I{ROOT / 'csrc'}"]
    for program in sorted((ROOT / "tests" / "native").glob("native_test_*.c")):
        unit = program.stem.removeprefix("native_test_")
        sources = [program, *(ROOT / "csrc").glob(f"{unit}.c"), *(ROOT / "csrc").glob(f"{unit}_*.c")]
        built = environment.build / "native" / f"{program.stem}-threads"
        log = environment.logs / f"{built.name}.log"
        step(f"building {built.name}", [*compiler, *flags, *sources, "-o", built], log)
        step(built.name, [built], log)


def sanitize(*arguments: str) -> None:
    """The native programs and the tests under AddressSanitizer and UndefinedBehaviorSanitizer."""
    defines = {"ENCLAVE_SANITIZE": "address;undefined", "ENCLAVE_TESTING": "ON"}
    environment = Environment("sanitize", {**defines, "CMAKE_BUILD_TYPE": "Debug"})
    environment.ready("pool", "demo", "test")
    compiler = shlex.split(os.environ.get("CC", "")) or ["cc"]
    libraries = []
    for name in ("libasan.so", "libubsan.so"):
        command = [*compiler, f"-print-file-name={name}"]
        path = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        if not Path(path).is_absolute():
            raise TaskError(
                f"The compiler {compiler[0]} has no {name}; the sanitizers need GCC with its runtimes.", 2
            )
        libraries.append(path)
    # Signals are the core's own business, and CPython keeps much until the end.
    signals = ":".join(f"handle_{name}=0" for name in ("segv", "sigbus", "abort", "sigill", "sigfpe"))
    # A slot's thread has no standard error: what is found there goes to files.
    reports = environment.logs / "sanitizers"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    log = f"log_path={reports / 'report'}"
    os.environ["ASAN_OPTIONS"] = f"detect_leaks=0:use_sigaltstack=0:allow_user_segv_handler=1:{signals}:{log}"
    os.environ["UBSAN_OPTIONS"] = f"print_stacktrace=1:halt_on_error=1:{log}"
    for source in sorted((ROOT / "tests" / "native").glob("native_test_*.c")):
        program = environment.build / "native" / source.stem
        step(program.name, [program], environment.logs / f"{program.name}.log")
    thread_sanitize(compiler, environment)
    os.environ["LD_PRELOAD"] = " ".join(libraries)
    os.environ["PYTHONMALLOC"] = "malloc"
    command = [str(environment.python), "-m", "pytest", *(arguments or SANITIZED)]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    found = sorted(reports.iterdir())
    for report in found:
        say(report.read_text(encoding="utf-8", errors="replace")[:4000])
    if code != 0 or found:
        raise TaskError(f"pytest ended with {code}; the sanitizers have written {len(found)} reports.")


def site(environment: Environment) -> list[str | Path]:
    """The command that builds the documentation; it reads the sources and needs no package of ours."""
    # Material's notice about another project's plans is no warning of ours.
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    return [environment.python, "-m", "mkdocs", "build", "--strict"]


def docs(*arguments: str) -> None:
    environment = Environment()
    environment.ready("dev", "docs", package=False)  # ruff lays the signatures out
    command = site(environment)
    if "--serve" in arguments:
        environment.run("-m", "mkdocs", "serve")
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise TaskError("docs: the site was not built")
    print("build/site/index.html")


def c_files() -> list[Path]:
    return [path for folder in C_FOLDERS for path in sorted((ROOT / folder).rglob("*.[ch]"))]


def check() -> None:
    """Lint, format, types and the documentation's site; all of them are tried before the verdict."""
    environment = Environment()
    environment.ready(
        "dev", "docs", "cli", "metrics", "tracing", "test", package=False
    )  # mypy reads what they declare
    checks: dict[str, list[str | Path]] = {
        "ruff check": [environment.python, "-m", "ruff", "check", "."],
        "ruff format --check": [environment.python, "-m", "ruff", "format", "--check", "--diff", "."],
        "mypy": [environment.python, "-m", "mypy"],
        "mkdocs build --strict": site(environment),
        "basedpyright": [environment.path / "bin" / "basedpyright"],
    }
    if c_files():
        clang_format = environment.path / "bin" / "clang-format"
        checks["clang-format"] = [clang_format, "--dry-run", "-Werror", *c_files()]
    failed = []
    for name, command in checks.items():
        print(f"--- {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    if failed:
        raise TaskError(
            f"check: {', '.join(failed)} found something; `make format` mends what is only layout."
        )
    print("check: all clean")


def format_() -> None:
    environment = Environment()
    environment.ready("dev", "cli", "metrics", "tracing", package=False)
    python = environment.python
    commands: list[list[str | Path]] = [
        [python, "-m", "ruff", "check", "--quiet", "--select", "I", "--fix", "."],
        [python, "-m", "ruff", "format", "."],
    ]
    if c_files():
        commands.append([environment.path / "bin" / "clang-format", "-i", *c_files()])
    for command in commands:
        subprocess.run(command, cwd=ROOT, check=True)


TASKS: dict[str, Callable[..., None]] = {
    "build": build,
    "demo": demo,
    "test": test,
    "stress": stress,
    "bench": bench,
    "bench-tests": bench_tests,
    "report": report,
    "guard": guard,
    "fuzz": fuzz,
    "soak": soak,
    "sanitize": sanitize,
    "check": check,
    "format": format_,
    "docs": docs,
}


def run_task(tasks: dict[str, Callable[..., None]], program: str) -> int:
    """The task that the command line names, with its arguments; the exit code."""
    task = tasks.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if task is None:
        say(f"usage: tools/with-python {program} {{{'|'.join(tasks)}}} [ARGUMENT...]")
        return 2
    for name in FOREIGN_VARIABLES:
        os.environ.pop(name, None)
    os.environ["PYTHONNOUSERSITE"] = "1"
    try:
        task(*sys.argv[2:])
    except TaskError as error:
        say(f"\n{error}")
        return error.code
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EROFS, errno.ENOSPC}:
            raise
        say(
            f"\n{error.filename}: {error.strerror}.  Environments and builds are made in {ROOT}, which has to allow it."
        )
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(run_task(TASKS, "tools/env.py"))
