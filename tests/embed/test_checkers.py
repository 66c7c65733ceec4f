"""The programs under Valgrind and under the sanitizers: nothing may be said of the library's own code.

Of CPython and of the core they have things to say that are none: memory that CPython keeps beyond its end, and stacks
that a halted script's thread has left by a jump.  docs/embedding.md tells what neither of them sees.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from enclave_subinterp.embed.build import build, flags
from enclave_subinterp.embed.libpython import foreign_loader

from .conftest import HERE

OWN = re.compile(r"[ (/](?:api|config|json|start|embed|contract)\.c:\d+")
ALLOCATORS = re.compile(r"\b(?:__interceptor_)?(?:malloc|calloc|realloc|strdup|free)\b")
# Without Python's own allocator, into which they do not see.
PLAIN_MALLOC = "-DENCLAVE_EMBED_MALLOC"


def contract(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Path:
    monkeypatch.setenv("CFLAGS", " ".join((PLAIN_MALLOC, *options)))
    build(folder)
    program = folder / "contract"
    command = ["cc", "-D_GNU_SOURCE", "-g", *options, str(HERE / "contract.c"), "-o", str(program)]
    subprocess.run([*command, *flags(folder), "-lm", "-pthread"], check=True)
    return program


def blamed(report: str, separator: str) -> list[str]:
    """The complaints whose innermost frame, but for the allocator's, is in the library's or the program's source."""
    found = []
    for complaint in re.split(separator, report):
        frames = [line for line in complaint.splitlines() if re.search(r"\b(?:at|by) 0x|#\d+ 0x", line)]
        inner = next((frame for frame in frames if not ALLOCATORS.search(frame)), "")
        if OWN.search(inner):
            found.append(complaint)
    return found


@pytest.mark.stress
def test_under_valgrind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("valgrind") is None:
        pytest.skip("there is no valgrind")
    if foreign_loader() is not None:
        pytest.skip("this Python's libc is not the one that the machine's valgrind knows")
    program = contract(tmp_path, monkeypatch)
    log = tmp_path / "valgrind.log"
    command = ["valgrind", f"--log-file={log}", "--leak-check=full", "--num-callers=40", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.endswith(" 0 wrong\n"), done.stdout + done.stderr
    report = log.read_text(encoding="utf-8", errors="replace")
    assert "LEAK SUMMARY" in report
    assert blamed(report, r"==\d+== \n") == []


@pytest.mark.stress
def test_under_the_sanitizers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if foreign_loader() is not None:
        pytest.skip("this Python's libc is not the one that the machine's sanitizers know")
    program = contract(tmp_path, monkeypatch, "-fsanitize=address,undefined", "-fno-omit-frame-pointer")
    signals = ":".join(f"handle_{name}=0" for name in ("segv", "sigbus", "abort", "sigill", "sigfpe"))
    options = f"detect_leaks=1:exitcode=0:use_sigaltstack=0:allow_user_segv_handler=1:{signals}"
    done = subprocess.run(
        [str(program)], env={**os.environ, "ASAN_OPTIONS": options, "UBSAN_OPTIONS": "print_stacktrace=1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "runtime error" not in done.stderr
    assert re.findall(r"ERROR: AddressSanitizer.*", done.stderr) == []
    assert blamed(done.stderr, "\n\n") == []
    assert done.returncode == 0
