"""Imports, once in the host, of everything that slots import later.

Some one-time initialisations of extension modules are process-wide: slots that are the first to do them, in parallel,
abort CPython 3.12 and 3.13.  With the module imported in the main interpreter first they do not.  And slots load only
extension modules that were found fit here (`_native.approve_extension`): one that an isolated interpreter cannot hold
would leave pointers into the slot's memory in its own static types.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterable
from types import ModuleType
from typing import Final

from .. import _native
from .._log import Log
from .library import MODULES

__all__ = ["STANDARD_MODULES", "preload"]

_log = Log("enclave_subinterp.preload")

# What a guest may import at STANDARD, and what carries it.
STANDARD_MODULES: Final = """
    abc array ast asyncio base64 binascii bisect calendar cmath codecs collections collections.abc contextlib
    contextvars copy copyreg csv dataclasses datetime decimal difflib enum fractions functools graphlib hashlib heapq
    hmac html html.entities html.parser inspect io ipaddress itertools json keyword linecache locale logging math
    numbers operator pathlib pprint queue random re reprlib secrets select selectors signal statistics string struct
    textwrap threading time token tokenize tomllib traceback types typing unicodedata urllib.parse uuid warnings weakref
    xml.etree.ElementTree xml.parsers.expat zlib zoneinfo concurrent.futures _strptime encodings.aliases encodings.ascii
    encodings.cp1252 encodings.idna encodings.latin_1 encodings.raw_unicode_escape encodings.utf_8 encodings.utf_16
    encodings.utf_32
"""

# The extension modules that carry those above, and others that are harmless; which there are differs between versions
# and builds.
_EXTENSION_MODULES: Final = """
    _abc _ast _asyncio _bisect _blake2 _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr
    _codecs_tw _collections _contextvars _csv _ctypes _datetime _decimal _elementtree _functools _hashlib _heapq _hmac
    _io _json _locale _lsprof _lzma _md5 _multibytecodec _opcode _operator _pickle _posixshmem _posixsubprocess _queue
    _random _sha1 _sha2 _sha3 _signal _socket _sre _ssl _stat _statistics _string _struct _symtable _thread
    _tokenize _tracemalloc _types _typing _uuid _weakref _zoneinfo array atexit binascii cmath errno faulthandler
    fcntl gc grp itertools marshal math mmap posix pwd pyexpat resource select syslog termios time unicodedata zlib
"""

# What a slot may load while scripts run: what is in the library, and these, which are built in.  The others of
# _EXTENSION_MODULES are for its warm-up, and for slots without a policy.
_HARMLESS: Final = frozenset(
    f"""
    _abc _ast _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections _functools
    _multibytecodec _operator _sre _stat _string _suggestions _symtable _tokenize _types _typing _warnings
    _weakref atexit errno itertools {MODULES}
    """.split()
)

# Ways out of an interpreter, CPython's own tests, and a library whose memory no account of ours sees.
_NEVER: Final = ("_interp", "_test", "_xx", "xx", "_sqlite3")

_lock = threading.Lock()
_done: set[str] = set()


def preload(extra: Iterable[str] = ()) -> None:
    """Import the standard set and `extra` in this interpreter and let slots load those of them that are extension
    modules; what cannot be imported is passed over.

    Cheap after the first time.  May be called from several threads: the others wait for the first.
    """
    # The modules in Python first, as a program would have it: asyncio does not know the running task (3.12, 3.13) where
    # _asyncio was imported before it.
    wanted = dict.fromkeys((*STANDARD_MODULES.split(), *_EXTENSION_MODULES.split(), *extra))
    with _lock:
        new = [name for name in wanted if name not in _done]
        if not new:
            return
        for name in new:
            try:
                importlib.import_module(name)
            except Exception as error:  # noqa: BLE001 - whatever a module raises: guests will do without it
                _log.debug("%s cannot be preloaded: %s", name, error)
        # What came with them counts as well: versions differ in which modules stand behind which.
        for name, module in list(sys.modules.items()):
            known = name in wanted or (name in sys.stdlib_module_names and not name.startswith(_NEVER))
            if known and isinstance(module, ModuleType):
                unfit = _native.approve_extension(name, module, name in _HARMLESS)
                if unfit is not None:
                    _log.debug("%s is not for guests: %s", name, unfit)
        _done.update(new)
