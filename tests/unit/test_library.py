"""The library of the guests: what its modules import is in it, and what leads out of an interpreter is not."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import marshal
import modulefinder
import os
import py_compile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from enclave_subinterp._adapters.library import MODULES, _cached_code, allowed_at
from enclave_subinterp.presets import SecurityLevel

NAMES = frozenset(MODULES.split())

# Imported by a module of the library and not in it: what that module does without, or what is built in.
NOT_NEEDED = """
    __main__ _abc _ast _bootstrap _bootstrap_external _codecs _collections _ctypes _elementtree
    _frozen_importlib _frozen_importlib_external _functools _imp _interpreters _io _locale _missing_stdlib_info
    _opcode _operator _overlapped _posixshmem _posixsubprocess _pyio _pyrepl _scproxy _signal _sqlite3 _sre _ssl
    _stat _string _suggestions _symtable _sysconfig _sysconfigdata _thread _tokenize _types _typing _warnings
    _weakref _weakrefset _winapi _winreg _wmi _zoneinfo argparse atexit bdb builtins cProfile
    concurrent.futures.interpreter concurrent.futures.process concurrent.interpreters ctypes ctypes.util doctest
    email errno faulthandler fcntl gc getopt getpass gettext grp http importlib.metadata importlib.readers
    importlib.resources importlib.resources.readers itertools java marshal mmap msvcrt multiprocessing nt
    optparse org.python.core os.path pdb pip plistlib posix profile pstats pwd pydoc readline resource runpy
    rlcompleter shutil site socketserver ssl sys syslog tarfile tempfile termios test time tracemalloc tty
    unittest urllib.error urllib.request urllib.response vms_lib winreg zipfile zipimport _compression _py_abc
    asyncio.proactor_events asyncio.windows_events asyncio.windows_utils asyncio.tools asyncio.unix_events
    importlib._bootstrap importlib._bootstrap_external _ios_support _aix_support _osx_support _android_support
    _apple_support
"""
DONE_WITHOUT = frozenset(NOT_NEEDED.split())


def spec_of(name: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None


def code_of(name: str) -> CodeType | None:
    spec = spec_of(name)
    get_code = getattr(spec.loader, "get_code", None) if spec is not None else None
    try:
        code = get_code(name) if get_code is not None else None
    except ImportError:  # another module under a second name
        return None
    return code if isinstance(code, CodeType) else None


def imports(code: CodeType, package: str) -> Iterator[str]:
    finder = modulefinder.ModuleFinder(path=[])
    codes = [code]
    while codes:
        current = codes.pop()
        codes.extend(constant for constant in current.co_consts if isinstance(constant, CodeType))
        for kind, what in finder.scan_opcodes(current):
            if kind == "absolute_import":
                yield what[1]
            elif kind == "relative_import":
                level, _, module = what
                base = package.split(".")
                base = base[: len(base) - level + 1]
                yield ".".join([*base, module] if module else base)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_a_module_imports_is_there_too(name: str) -> None:
    code = code_of(name)
    if code is None:
        return  # written in C, built in, or not in this version
    spec = spec_of(name)
    assert spec is not None
    package = name if spec.submodule_search_locations is not None else name.rpartition(".")[0]
    wanted = set(imports(code, package)) - NAMES - DONE_WITHOUT
    missing = {
        other
        for other in wanted
        if other.split(".")[0] not in DONE_WITHOUT and not other.startswith("encodings")
    }
    assert not missing


def test_code_of_every_module_can_be_marshalled() -> None:
    for name in NAMES:
        code = code_of(name)
        if code is not None:
            assert marshal.loads(marshal.dumps(code)) == code


def test_cached_code_is_the_modules_code() -> None:
    """GIVEN modules whose code is cached in files WHEN it is taken from there unread THEN it is the same."""
    compared = 0
    for name in NAMES:
        spec = spec_of(name)
        cached = _cached_code(spec) if spec is not None else b""
        if cached:
            assert marshal.loads(cached) == code_of(name), name
            compared += 1
    assert compared > 100


def test_what_is_cached_of_another_source_is_not_taken(tmp_path: Path) -> None:
    source = tmp_path / "one.py"
    source.write_text("x = 1\n")
    spec = importlib.util.spec_from_file_location("one", source)
    assert spec is not None
    assert spec.cached is not None
    assert _cached_code(spec) == b"", "nothing is cached"
    py_compile.compile(str(source), doraise=True)
    assert _cached_code(spec) != b""
    cached = Path(spec.cached).read_bytes()
    Path(spec.cached).write_bytes(bytes(4) + cached[4:])
    assert _cached_code(spec) == b"", "of another Python"
    Path(spec.cached).write_bytes(cached)
    os.utime(source, (1e9, 1e9))
    assert _cached_code(spec) == b"", "of another time"
    py_compile.compile(str(source), doraise=True)
    source.write_text("x = 22\n")
    os.utime(source, (1e9, 1e9))
    assert _cached_code(spec) == b"", "of another size"
    py_compile.compile(
        str(source), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH
    )
    assert _cached_code(spec) == b"", "by hash"


@pytest.mark.parametrize("level", [level.value for level in SecurityLevel])
def test_what_leads_out_is_allowed_nowhere(level: str) -> None:
    allowed = allowed_at(level)
    assert "json" in allowed
    assert not allowed & {
        "ctypes",
        "gc",
        "marshal",
        "_thread",
        "multiprocessing",
        "mmap",
        "faulthandler",
        "posix",
    }
    assert ("os" in allowed) == (level in ("STANDARD", "PERMISSIVE"))
    assert ("time" in allowed) == (level != "STRICT")
