"""The import statement of scripts: modules are allowed by list.

Like bootstrap.py it is part of the guest's runtime; it can be imported as a module as well.  It tells early; it is no
wall.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# These are not evaluated, so that nothing is imported for them.
type _ModuleNames = frozenset[str]
type _Permission = Callable[[str, Any], bool]
type _Importer = Callable[..., Any]
type _Imported = Any


def import_permission(allowed: _ModuleNames) -> _Permission:
    """Whether ``import name``, or ``from name import fromlist``, is allowed.

    That are modules of the list, what is below them, and the packages above them.
    """
    parents = {name[:at] for name in allowed for at, letter in enumerate(name) if letter == "."}

    def permit(name: str) -> bool:
        below = name
        while below:
            if below in allowed:
                return True
            below = below.rpartition(".")[0]
        return False

    def permitted(name: str, fromlist: _Imported) -> bool:
        if permit(name):
            return True
        if not fromlist:
            return name in parents
        return name in parents and all(type(item) is str and (permit(f"{name}.{item}")) for item in fromlist)

    return permitted


def guarded_import(permitted: _Permission, level_name: str, real: _Importer) -> _Importer:
    """`__import__` for scripts, before the real one."""

    def guarded(
        name: str,
        globals: _Imported = None,
        locals: _Imported = None,
        fromlist: _Imported = (),
        level: int = 0,
    ) -> _Imported:
        """Import a module that is allowed in this enclave."""
        # A list is what C code gives that imports for itself, for datetime.strptime() say.
        listed = level == 0 and type(name) is str and type(fromlist) is not list
        if listed and not permitted(name, fromlist):
            raise ImportError(
                f"module {name!r} is not allowed here ({level_name}); allowed_modules of the Enclave says what is",
                name=name,
            )
        return real(name, globals, locals, fromlist, level)

    guarded.__name__ = guarded.__qualname__ = "__import__"
    guarded.__module__ = "builtins"
    return guarded
