"""Patch releases move fields of the runtime: a build finds those that moved, or refuses to be loaded.

The check is compiled against headers in which something was added, and so runs in an interpreter whose structures
differ from those of its build, as a wheel does on another patch release.
"""

import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest

CSRC = Path(__file__).resolve().parents[2] / "csrc"
INCLUDE = Path(sysconfig.get_path("include"))
ADDED = 24
BEHIND_IT = rf"\g<0> void *added_here[{ADDED // 8}];"

# Where this build takes two of the fields to be that the compiler's headers put elsewhere.
ADDRESSES = """
#include "compat.h"
size_t hooks(void) { return (size_t)((char *)&COMPAT_MOVED(audit_hooks.mutex) - (char *)&_PyRuntime); }
size_t strings(void) {
    return (size_t)((char *)&COMPAT_AT(cached_objects.interned_strings, compat_moved_cached) - (char *)&_PyRuntime);
}
"""
ASK = """
import ctypes, sys
library = ctypes.PyDLL(sys.argv[1])
library.compat_misplaced.restype = ctypes.c_char_p
library.hooks.restype = library.strings.restype = ctypes.c_size_t
answer = library.compat_misplaced()
moved = ctypes.c_ssize_t.in_dll(library, "compat_moved").value
print(answer.decode() if answer else "-", moved, library.hooks(), library.strings(), sep=";")
"""


class Found(NamedTuple):
    """What a build says of the interpreter that runs."""

    misplaced: str
    moved: int
    hooks: int
    strings: int


def change(include: Path, place: str, replacement: str) -> None:
    """Change the only place in the headers that the pattern fits."""
    changed = 0
    for header in [*include.glob("internal/*.h"), include / "cpython" / "pystate.h"]:
        text = header.read_text(encoding="utf-8")
        new, count = re.subn(place, replacement, text, flags=re.MULTILINE)
        if count:
            header.write_text(new, encoding="utf-8")
            changed += count
    assert changed == 1, f"{place} stands {changed} times in the headers"


def look(folder: Path, place: str | None = None, replacement: str = BEHIND_IT) -> Found:
    """Build the check, with the headers changed, and run it in an interpreter like this one."""
    include = folder / "include"
    shutil.copytree(INCLUDE, include)
    if place is not None:
        change(include, place, replacement)
    (folder / "addresses.c").write_text(ADDRESSES, encoding="utf-8")
    library = folder / "layout.so"
    folders = [include, include / "internal", include / "internal" / "mimalloc", CSRC]
    flags = [*(f"-isystem{each}" for each in folders), f"-idirafter{INCLUDE.parent}", "-shared", "-fPIC"]
    sources = [CSRC / "compat_layout.c", folder / "addresses.c"]
    subprocess.run(["cc", *flags, *sources, "-o", library], check=True)
    ask = [sys.executable, "-I", "-c", ASK, library]
    done = subprocess.run(ask, check=True, capture_output=True, text=True)
    misplaced, *numbers = done.stdout.strip().split(";")
    return Found(misplaced, *map(int, numbers))


def test_what_has_moved_by_one_distance_is_found(tmp_path: Path) -> None:
    """GIVEN a build for a release with more in `ceval` WHEN it looks THEN it finds what stands behind it."""
    (tmp_path / "same").mkdir()
    (tmp_path / "other").mkdir()
    same = look(tmp_path / "same")
    other = look(tmp_path / "other", r"^struct _ceval_runtime_state \{")
    assert (same.misplaced, same.moved) == ("-", 0)
    assert (other.misplaced, other.moved) == ("-", -ADDED)
    assert other.hooks == same.hooks
    assert other.strings == same.strings


@pytest.mark.parametrize(
    ("place", "replacement", "what"),
    [
        (r"^struct _pymem_allocators \{", BEHIND_IT, "the allocators"),
        (r"^struct _import_runtime_state \{", BEHIND_IT, "the table of extension modules"),
        (r"^struct _types_runtime_state \{", BEHIND_IT, "the static objects"),
        (r"int first;\s+int (next|last);", r"int \1; int first;", "the queue of pending calls"),
        (r"^struct _is \{", BEHIND_IT, "the interpreter state"),
        (r"^    PyObject \*builtins;(?=[^}]*PyConfig config;)", BEHIND_IT, "the interpreter state"),
        (r"^struct _ts \{", BEHIND_IT, "the thread state"),
    ],
)
def test_what_cannot_be_found_is_refused(tmp_path: Path, place: str, replacement: str, what: str) -> None:
    """GIVEN a build for a release with another layout WHEN it looks THEN it names what is not where it was."""
    assert look(tmp_path, place, replacement).misplaced == what


def test_the_loaded_build_says_what_it_was_made_for() -> None:
    from enclave_subinterp import _native

    assert _native.BUILT_FOR.startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
