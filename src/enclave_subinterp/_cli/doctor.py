"""`enclave doctor`: what works here, what is missing, and how to get it."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import resource
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, Literal

import click

from .. import (
    Enclave,
    EnclaveError,
    ErrorCode,
    SecurityLevel,
    __version__,
    capabilities,
)
from . import exits
from .terminal import console, plain

__all__ = ["command"]

type Verdict = Literal["good", "hint", "weak", "broken"]

WEAK: Final = 3  # the exit code where it works, but not all that the newest kernels enforce is there
_MB: Final = 1024 * 1024

# What brings a capability that is missing.
_ADVICE: Final = {
    "rewind": "needs memfd and private mappings, which every Linux since 3.17 has",
    "hard_halt": "needs the native core on Linux",
    "memory_limit": "needs the native core on Linux",
    "crash_containment": "needs the native core on Linux",
    "seccomp": "needs a kernel with CONFIG_SECCOMP_FILTER; a container's own profile must allow seccomp(2)",
    "landlock": "needs Linux 5.13 with landlock in the boot option lsm=; a container's profile must allow it",
    "type_sealing": "needs the native core",
    "audit_policy": "needs the native core",
}
_SLOW_REWIND: Final = (
    "pages that a run wrote are found by the kernel from Linux 6.7 on (userfaultfd, PAGEMAP_SCAN); a container's"
    " profile must allow userfaultfd(2)"
)
# Distribution, what it is for, the extra that has it.
_OPTIONAL: Final = (
    ("psutil", "pools sized by the usable CPUs", "pool"),
    ("prometheus_client", "metrics for Prometheus", "metrics"),
    ("opentelemetry-api", "traces", "tracing"),
)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


@click.command(short_help="What works here, what is missing, how to get it.")
@click.option("--json", "as_json", is_flag=True, help="Write the findings as one JSON object.")
def command(as_json: bool) -> int:
    """Look at this Python, this kernel and this installation, and try every security level.

    \b
    Exit codes:
      0  everything works and is enforced
      1  it cannot be used here, or a security level cannot
      3  it works, but something weaker than it could be, or slower

    \b
    Examples:
      enclave doctor
      enclave doctor --json | jq '.checks[] | select(.verdict != "good")'
    """
    checks = [*_machine(), *_core()]
    if not any(check.name == "core" and check.verdict == "broken" for check in checks):
        checks += _levels()
    checks += _packages()
    verdicts = {check.verdict for check in checks}
    code = exits.FAILED if "broken" in verdicts else WEAK if "weak" in verdicts else 0
    if as_json:
        document: dict[str, Any] = {
            "version": __version__,
            "exit_code": code,
            "checks": [dataclasses.asdict(check) for check in checks],
        }
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        _show(checks, code)
    return code


def _machine() -> Iterator[Check]:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    if sys.implementation.name != "cpython" or not (3, 12) <= sys.version_info < (3, 16):
        yield Check("python", "broken", python, "CPython 3.12 to 3.15 is needed")
    elif sysconfig.get_config_var("Py_GIL_DISABLED"):
        yield Check("python", "broken", f"{python}, free-threaded", "a build with the GIL is needed")
    else:
        yield Check("python", "good", python)
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    if sys.platform != "linux":
        yield Check("system", "broken", system, "Linux is needed")
    elif platform.machine() not in {"x86_64", "aarch64"}:
        yield Check("system", "weak", system, "the sandbox knows x86-64 and aarch64")
    else:
        yield Check("system", "good", system)
    cpus = len(os.sched_getaffinity(0))
    yield Check("processors", "good", f"{cpus} usable of {os.cpu_count()}")
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        yield Check(
            "address space", "hint", f"limited to {limit // _MB} MB",
            "workers reserve address space without using it; lift the limit (ulimit -v) if workers do not start",
        )  # fmt: skip


def _core() -> Iterator[Check]:
    try:
        found = capabilities()
    except EnclaveError as error:
        yield Check("core", "broken", str(error), "build or install it anew, for this Python")
        return
    from .._native import BUILT_FOR

    yield Check("core", "good", f"enclave_subinterp {__version__}, built for CPython {BUILT_FOR}")
    for name in found:
        if not found[name]:
            yield Check(name, "weak", found.details[name], _ADVICE.get(name, ""))
        elif name == "rewind" and not found.details[name].startswith("scan"):
            yield Check(name, "weak", found.details[name], _SLOW_REWIND)
        else:
            yield Check(name, "good", found.details[name])


def _levels() -> Iterator[Check]:
    """A worker of each level that runs, is halted and keeps to its memory."""
    for level in SecurityLevel:
        name = f"level {level.value}"
        config = dataclasses.replace(level.pool_config, min_workers=1, max_workers=1)
        try:
            with Enclave(security_level=level, worker_pool_config=config) as enclave:
                failed = _try(enclave)
        except EnclaveError as error:
            yield Check(name, "broken", str(error), "use a level below it, or see what is weak above")
            continue
        if failed:
            yield Check(name, "broken", failed, "please report this with the output of enclave doctor --json")
        else:
            yield Check(name, "good", "runs, halts, keeps to its memory")


def _try(enclave: Enclave) -> str:
    """What does not work; empty if all does."""
    one = enclave.run("1 + 1")
    if one.value != 2:
        return f"1 + 1 came to {one.error.message if one.error else one.value!r}"
    endless = enclave.run("max(iter(int, 1))", timeout=0.05)
    if endless.error is None or endless.error.code is not ErrorCode.TIMEOUT:
        return "an endless script was not halted"
    large = enclave.run("x = bytearray(2**32)")
    if large.error is None or large.error.code is not ErrorCode.MEMORY_LIMIT_EXCEEDED:
        return "a script took more memory than it may"
    return ""


def _packages() -> Iterator[Check]:
    for name, purpose, extra in _OPTIONAL:
        try:
            yield Check(name, "good", f"{version(name)} ({purpose})")
        except PackageNotFoundError:
            yield Check(
                name, "hint", f"not installed ({purpose})", f"pip install 'enclave_subinterp[{extra}]'"
            )


def _show(checks: list[Check], code: int) -> None:
    from rich.table import Table
    from rich.text import Text

    marks = {
        "good": ("ok", "green"),
        "hint": ("hint", "cyan"),
        "weak": ("weak", "yellow"),
        "broken": ("BAD", "red"),
    }
    screen = console()
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        word, style = marks[check.verdict]
        text = Text(plain(check.found))
        if check.advice:
            text.append(f"\n-> {check.advice}", style=style)
        table.add_row(Text(word, style=style), Text(check.name), text)
    screen.print(table)
    screen.print(
        {
            0: "Everything works and is enforced.",
            WEAK: "It works; what is marked weak could be enforced, or faster, elsewhere.",
            exits.FAILED: "It cannot be used like this; see what is marked BAD.",
        }[code]
    )
