"""The library of the guests: code of the standard library's modules, handed to the core once per process.

Guests have no file system: what they import comes from here, or is built into the interpreter.  In are the modules
that a guest may import at any level, and what those import themselves (a test compares the list with what the modules'
code says).  Not in is whatever leads out of the interpreter: processes, terminals, other interpreters, foreign code,
and what only serves to reach into running code.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import marshal
import os
import pkgutil
import struct
import sys
import threading
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from types import CodeType
from typing import Final

from .. import _native

__all__ = ["MODULES", "allowed_at", "stock"]

# Versions differ in which there are and which are written in C.
MODULES: Final = """
    __future__ _ast_unparse _asyncio _bisect _blake2 _bz2 _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp
    _codecs_kr _codecs_tw _collections_abc _colorize _compat_pickle _compression _contextvars _csv _datetime
    _decimal _elementtree _hashlib _heapq _hmac _json _lzma _markupbase _md5 _multibytecodec _opcode
    _opcode_metadata _pickle _py_warnings _pydatetime _pydecimal _queue _random _sha1 _sha2 _sha3 _socket
    _statistics _strptime _struct _threading_local _uuid _weakrefset _zoneinfo abc annotationlib array ast
    asyncio asyncio.base_events asyncio.base_futures asyncio.base_subprocess asyncio.base_tasks
    asyncio.constants asyncio.coroutines asyncio.events asyncio.exceptions asyncio.format_helpers
    asyncio.futures asyncio.graph asyncio.locks asyncio.log asyncio.mixins asyncio.protocols asyncio.queues
    asyncio.runners asyncio.selector_events asyncio.sslproto asyncio.staggered asyncio.streams
    asyncio.subprocess asyncio.taskgroups asyncio.tasks asyncio.threads asyncio.timeouts asyncio.transports
    asyncio.trsock asyncio.unix_events base64 binascii bisect bz2 calendar cmath codecs codeop collections
    collections.abc colorsys compression compression._common compression._common._streams compression.bz2
    compression.gzip compression.lzma compression.zlib concurrent concurrent.futures concurrent.futures._base
    concurrent.futures.thread contextlib contextvars copy copyreg csv dataclasses datetime decimal difflib dis
    encodings enum fnmatch fractions functools genericpath graphlib glob gzip hashlib heapq hmac html
    html.entities html.parser importlib importlib._abc importlib.abc importlib.machinery importlib.util inspect
    io ipaddress json json.decoder json.encoder json.scanner keyword linecache locale logging lzma math ntpath
    numbers opcode operator os pathlib pathlib._abc pathlib._local pathlib._os pickle platform posixpath pprint
    pyexpat queue quopri random re re._casefix re._compiler re._constants re._parser reprlib sched secrets
    select selectors signal socket stat statistics string string.templatelib stringprep struct subprocess
    sysconfig textwrap threading token tokenize tomllib tomllib._parser tomllib._re tomllib._types traceback
    types typing unicodedata urllib urllib.parse uuid warnings weakref xml xml.etree xml.etree.ElementPath
    xml.etree.ElementTree xml.parsers xml.parsers.expat xml.utils zlib zoneinfo zoneinfo._common
    zoneinfo._tzpath zoneinfo._zoneinfo
"""

# Built in, and of use to scripts.
_BUILT_IN: Final = "atexit builtins errno itertools sys time __main__"

# What scripts may import at each level where the Enclave does not say it, with what is below.
_SECURE: Final = """
    abc array ast asyncio base64 binascii bisect calendar cmath collections contextlib contextvars copy csv
    dataclasses datetime decimal difflib enum fractions functools graphlib hashlib heapq hmac html io ipaddress
    itertools json keyword logging math numbers operator pathlib pprint queue random re reprlib secrets statistics
    string struct textwrap time tomllib types typing unicodedata urllib.parse uuid weakref xml.etree.ElementTree
    zlib zoneinfo __future__
"""
# Without clocks, compression and XML.
_CLOCKS_AND_PARSERS: Final = "calendar datetime logging time uuid xml.etree.ElementTree zlib zoneinfo"


def allowed_at(level: str) -> frozenset[str]:
    """Names of the modules that scripts may import at a security level."""
    if level in ("STANDARD", "PERMISSIVE"):
        names = f"{MODULES} {_BUILT_IN}".split()
        return frozenset(name for name in names if not name.startswith("_") or name.startswith("__"))
    secure = frozenset(_SECURE.split())
    return secure if level == "SECURE" else secure - frozenset(_CLOCKS_AND_PARSERS.split())


# In the place of extension modules that guests do without: what is imported from them at the top of others.
_STUBS: Final = {
    "_posixsubprocess": "def fork_exec(*args):\n    raise PermissionError('there are no processes in an enclave')\n",
}

_lock = threading.Lock()
_stocked: set[str] = set()  # names that are in, or were looked for in vain


def stock(extra: Iterable[str] = ()) -> None:
    """Fill the library, and add `extra` packages and modules whole.

    Cheap after the first time; other threads wait for that.
    """
    with _lock:
        if not _stocked:
            _stock_standard()
        for name in extra:
            if name in _stocked:
                continue
            _stocked.add(name)
            _add_module(name)
            spec = _find(name)
            below = spec.submodule_search_locations if spec is not None else None
            for found in pkgutil.walk_packages(below, f"{name}.") if below is not None else ():
                _add_module(found.name)


def _stock_standard() -> None:
    import encodings

    for name, source in _STUBS.items():
        _native.add_to_library(name, False, marshal.dumps(compile(source, f"<{name}>", "exec")))
    for name in MODULES.split():
        _add_module(name)
    for found in pkgutil.iter_modules(encodings.__path__, "encodings."):
        _add_module(found.name)
    _add_time_zones()
    _stocked.update(MODULES.split())


def _add_module(name: str) -> None:
    spec = _find(name)
    if spec is None or spec.loader is None:
        return  # not in this version
    if isinstance(spec.loader, importlib.machinery.ExtensionFileLoader):
        # Before 3.13 that one wants the datetime that is written in C, which slots do not have.
        if name != "_zoneinfo" or sys.version_info >= (3, 13):
            _native.add_to_library(f"extension {name}", False, os.fsencode(str(spec.origin)))
        return
    code = _cached_code(spec) or _code(name, spec.loader)
    if code:  # else it is built in
        _native.add_to_library(name, spec.submodule_search_locations is not None, code)


def _cached_code(spec: importlib.machinery.ModuleSpec) -> bytes:
    """The marshalled code in a module's cached file, unread: some 200 modules are not unmarshalled for nothing.

    Empty if there is none, it is older or newer than the source, or its kind wants the source itself to be looked at.
    """
    if (
        not isinstance(spec.loader, importlib.machinery.SourceFileLoader)
        or not spec.cached
        or not spec.origin
    ):
        return b""
    try:
        cached = Path(spec.cached).read_bytes()
        source = Path(spec.origin).stat()
    except OSError:
        return b""
    # PEP 552: magic number, flags (0: by time and size), time and size of the source, each four bytes.
    header = (0, int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF)
    expected = importlib.util.MAGIC_NUMBER + struct.pack("<3I", *header)
    return cached[len(expected) :] if cached.startswith(expected) else b""


def _code(name: str, loader: object) -> bytes:
    get_code = getattr(loader, "get_code", None)
    code = get_code(name) if get_code is not None else None
    return marshal.dumps(code) if isinstance(code, CodeType) else b""


def _find(name: str) -> importlib.machinery.ModuleSpec | None:
    loaded = getattr(sys.modules.get(name), "__spec__", None)
    if isinstance(loaded, importlib.machinery.ModuleSpec):
        if loaded.name == name:
            return loaded
        # Another module under a second name; it may have a file all the same.
        parent = sys.modules.get(name.rpartition(".")[0])
        return importlib.machinery.PathFinder.find_spec(name, getattr(parent, "__path__", None))
    try:
        return importlib.util.find_spec(name)
    except ImportError:
        return None


def _add_time_zones() -> None:
    found: set[str] = set()
    for folder in zoneinfo.TZPATH:
        for directory, below, files in os.walk(folder):
            if directory == folder:  # the same zones again, with and without leap seconds
                below[:] = [name for name in below if name not in {"posix", "right"}]
            for file in files:
                path = f"{directory}/{file}"
                key = path.removeprefix(f"{folder}/")
                if key in found or key == "posixrules":
                    continue
                try:
                    data = Path(path).read_bytes()
                except OSError:  # guests do without
                    continue
                if data.startswith(b"TZif"):
                    found.add(key)
                    _native.add_to_library(f"zone {key}", False, data)
