"""The runtime of slots: what the files of `guest/` were compiled to, marshalled as the core takes it.

The files are compiled once for each installation, as all modules are; they are never imported from here.
"""

from __future__ import annotations

import functools
import importlib.util
import marshal
from types import CodeType
from typing import Final

__all__ = ["runtime"]

_PACKAGE: Final = __package__.rpartition(".")[0]
_NAME: Final = "<enclave runtime>"  # in tracebacks; guests do not learn where the host has its files


def runtime(modules: tuple[str, ...], steps: str) -> bytes:
    """Code for `_native.Slot`: these modules of the package in one namespace, one after the other, and then `steps`."""
    last = compile(steps, _NAME, "exec", dont_inherit=True)
    return marshal.dumps((*map(_code_of, modules), last))


@functools.cache
def _code_of(module: str) -> CodeType:
    name = f"{_PACKAGE}.{module}"
    spec = importlib.util.find_spec(name)
    loader = spec.loader if spec is not None else None
    code = loader.get_code(name) if loader is not None and hasattr(loader, "get_code") else None
    if not isinstance(code, CodeType):
        raise ImportError(f"{name}: its code cannot be had; is enclave_subinterp installed whole?", name=name)
    return _renamed(code)


def _renamed(code: CodeType) -> CodeType:
    constants = tuple(_renamed(each) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=_NAME, co_consts=constants)
