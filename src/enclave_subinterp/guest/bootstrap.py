"""The guest's runtime: what a slot's interpreter runs before its first script, and for every script.

Not imported as a module: the host hands its code to the core, which runs it in a new interpreter with ``_enclave``
(csrc/module_guest.c) in its globals, takes ``run`` from there, and then takes the snapshot that every run starts from.
Nothing of the host is reachable from here.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # in a slot these ran before this one, in one namespace
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    from .._values import decode_table, encode_table
    from . import _enclave
    from .compiling import compile_script, evaluate, evaluate_awaited, is_awaited, rules_at
    from .event_loop import fill_event_loop_module, running_event_loop
    from .modules import _use_library
    from .process import Input, _guard_extensions, _leave_process_alone
    from .reporting import clean_report, report_error, report_value
    from .surface import ToolError, make_output, make_print, make_tools
    from .turns import bind_counter

VALUE, ERROR = 0, 1  # the OUTCOME_ numbers

_RUNTIME = "<enclave runtime>"  # the name of this text in tracebacks; the core gives it

# What most scripts import: paid for once per worker instead of once per run.
_PRELOAD = """
    os io re json math time enum types string operator functools itertools collections collections.abc contextlib
    dataclasses typing datetime decimal textwrap heapq bisect copy struct base64 hashlib random asyncio
"""

# Modules with a state that must differ from run to run: taken out of sys.modules after the preload and handed back
# renewed when a run first imports them.  A module that holds on to one of these must not be preloaded.
_RENEWED = {"random": lambda module: module.seed()}


# --- Surroundings ---------------------------------------------------------------------------------------------


def _without_scrypt(execute: Callable[[ModuleType], Any]) -> Callable[[ModuleType], Any]:
    """_imp.exec_dynamic or _imp.exec_builtin, without what takes megabytes of OpenSSL's own.

    They are in no account, and lost where a halt leaves them.
    """

    def run_module(module: ModuleType) -> Any:
        result = execute(module)
        if module.__name__ == "_hashlib":
            vars(module).pop("scrypt", None)
        return result

    return run_module


def _prepare_surroundings() -> None:
    import _imp
    import builtins
    import posix

    own: Any = sys  # what the type checker holds to be fixed is the guest's to set
    scope: Any = builtins
    _guard_extensions(_enclave.guard)
    _imp.exec_dynamic = _without_scrypt(_imp.exec_dynamic)
    _imp.exec_builtin = _without_scrypt(_imp.exec_builtin)
    _leave_process_alone()
    # The host's environment, arguments and paths are its own.
    posix.environ.clear()
    sys.argv = [""]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = [""]
    stdlib = own._stdlib_dir
    sys.path[:] = [p for p in sys.path if p == stdlib or p.endswith(("lib-dynload", ".zip"))]
    sys.path_importer_cache.clear()
    sys.dont_write_bytecode = True

    emit = _enclave.emit
    own.stdout = own.__stdout__ = stdout = make_output(emit, 1, "<stdout>")
    own.stderr = own.__stderr__ = make_output(emit, 2, "<stderr>")
    own.stdin = own.__stdin__ = Input()
    scope.print = make_print(emit, sys, stdout, builtins.print)
    scope.call_tool, scope.acall_tool = make_tools(_post, _enclave.take, _awaited_answer)
    scope.ToolError = ToolError


def _post(name: str, args: object) -> int | tuple[str, str]:
    """Begin a tool call; see `_enclave.post`."""
    posted = _enclave.post(name, args)
    if not isinstance(posted, int) and posted[0] == "type":
        _extend_tables()
        posted = _enclave.post(name, args)
    return posted


def _awaited_answer(call_id: int) -> Any:
    loop: Any = running_event_loop()
    return None if loop is None else loop._tool_answer(call_id)


class _Renewing:
    """Finder and loader of the modules in _RENEWED."""

    def __init__(self) -> None:
        self.kept: dict[str, ModuleType] = {}

    def take(self) -> None:
        """Take them out of sys.modules."""
        self.kept = {name: sys.modules.pop(name) for name in _RENEWED if name in sys.modules}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in self.kept:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self)  # type: ignore[arg-type]  # a Loader in all but its base

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = self.kept[spec.name]
        self.spec = module.__spec__
        return module

    def exec_module(self, module: Any) -> None:
        module.__spec__ = self.spec
        _RENEWED[module.__name__](module)

    def renew(self) -> None:
        """Renew those that a session has imported already, after it went back to a checkpoint."""
        for name, module in self.kept.items():
            if name in sys.modules:
                _RENEWED[name](module)


_renewing = _Renewing()


class _Making:
    """Finder and loader of the module that asyncio takes its event loop from."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != "asyncio.unix_events":
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, self)  # type: ignore[arg-type]  # a Loader in all but its base

    def create_module(self, spec: ModuleSpec) -> None:
        """As usual."""

    def exec_module(self, module: ModuleType) -> None:
        fill_event_loop_module(module)


def _preload() -> None:
    import importlib

    sys.meta_path.insert(0, _Making())
    # A third of what asyncio takes is ssl, which it does without where there is none: its loop here has no sockets.
    sys.modules["ssl"] = None  # type: ignore[assignment]
    for name in _PRELOAD.split():
        try:
            importlib.import_module(name)
        except ImportError:  # on 3.12 some need an extension module that does not load here
            pass
    del sys.modules["ssl"]
    _renewing.take()
    sys.meta_path.insert(0, _renewing)


# --- Values ----------------------------------------------------------------------------------------------------


def _extend_tables() -> None:
    """Let values of the modules that are loaded by now cross."""
    _enclave.set_ext(encode_table(sys.modules), decode_table())


# --- A run -----------------------------------------------------------------------------------------------------------

_rules: Any = None  # of language.py; None: scripts are not checked


def _check_scripts(level: str) -> None:
    """Check scripts by the rules of a security level from here on."""
    global _rules
    _rules = rules_at(level)


_MOST_KEPT = 32
_LONGEST_KEPT = 100_000  # characters
_kept: dict[tuple[str, str, bool], Any] = {}  # code of scripts, where what runs leave is kept


def _code_of(source: str, filename: str, count: bool) -> Any:
    """The code of a script, which is compiled once for all workers of the enclave.

    What is compiled where scripts have run before is for this worker alone.
    """
    key = (source, filename, count)
    code = _kept.get(key) if _kept else None
    if code is None:
        code = _enclave.recall(*key)
    if code is None:
        code = compile_script(source, filename, _rules, count)
        if not _enclave.remember(*key, code) and len(source) <= _LONGEST_KEPT:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = code
    return code


def _execute(source: str, filename: str, namespace: dict[str, Any], count: bool) -> Any:
    code, expression = _code_of(source, filename, count)
    if count:
        turn = _enclave.turn
        code = bind_counter(code, turn)
        expression = None if expression is None else bind_counter(expression, turn)
    _enclave.stir()
    if is_awaited(code, expression):
        import asyncio

        return asyncio.run(evaluate_awaited(code, expression, namespace))
    return evaluate(code, expression, namespace)


def run(request: tuple[str, str, dict[str, Any] | None, dict[str, bool]]) -> None:
    """Run one script; the answer is left with the core."""
    source, filename, given, options = request
    namespace = sys.modules["__main__"].__dict__
    if given:
        namespace.update(given)
    try:
        if "renew" in options:
            _renewing.renew()
        value = _execute(source, filename, namespace, _enclave.counts_turns())
        refused = _enclave.finish(VALUE, value)
        if refused is not None and refused[0] == "type":
            _extend_tables()
            refused = _enclave.finish(VALUE, value)
    except BaseException as error:
        strip = options.get("strip_paths", False)
        report = report_error(error, source, filename, strip, _RUNTIME.__eq__)
        if _enclave.finish(ERROR, report) is not None:
            _enclave.finish(ERROR, clean_report(report))
        return
    if refused is not None:
        _enclave.finish(ERROR, report_value(*refused))


_EXERCISES = 16  # after so many calls the interpreter has specialized a function


def _exercise(source: str, collector: Any) -> None:
    """Bring the interpreter into the state that every run begins with: used to what scripts do, and compact.

    Otherwise each run would fill its caches anew, on pages that the rewind has to copy back.
    """
    namespace = sys.modules["__main__"].__dict__
    before = dict(namespace)
    for _ in range(_EXERCISES):
        run((source, "<enclave>", None, {}))
    namespace.clear()
    namespace.update(before)
    _kept.clear()
    # A smaller snapshot, and a collector that does not write to what it holds.
    collector.collect()
    collector.freeze()


_prepare_surroundings()
if _enclave.library:
    _use_library()
_preload()
_extend_tables()
