"""The guest's runtime: what a slot's interpreter runs before its first script, and for every script.

Not a module of the package: the host reads this text and hands it to the core, which runs it in a new
interpreter with ``_enclave`` (csrc/module_guest.c) in its globals, takes ``run`` from there, and then takes the
snapshot that every run starts from.  Nothing of the host is reachable from here.
"""

import sys

TYPE_CHECKING = False
if (
    TYPE_CHECKING
):  # the host puts the texts of these two before this one, the `annotations` import of the first included
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType, TracebackType
    from typing import Any

    from .._values import decode_table, encode_table
    from . import _enclave
    from .event_loop import fill_event_loop_module, running_event_loop
    from .language import check_source, check_tree, refusal
    from .modules import _use_library
    from .rules import RULES
    from .turns import bind_counter, count_turns

VALUE, ERROR = 0, 1  # the OUTCOME_ numbers

_RUNTIME = "<enclave runtime>"  # the name of this text in tracebacks; the core gives it
_TOO_LARGE = "MessageTooLarge"  # the name of a ToolError
_MAX_CHAIN = 8  # exceptions of a chain that are reported
_MAX_FRAMES = 60  # frames of a traceback that are reported, half from each end

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
    import _signal  # type: ignore[import-not-found]
    import builtins
    import io
    import posix

    own: Any = sys  # what the type checker holds to be fixed is the guest's to set
    scope: Any = builtins
    # Only what the host has prepared, and what a library's loader does half-way is not left half-way.
    _imp.create_dynamic = _enclave.guard(_imp.create_dynamic)
    _imp.create_builtin = _enclave.guard(_imp.create_builtin)
    _imp.exec_dynamic = _without_scrypt(_imp.exec_dynamic)
    _imp.exec_builtin = _without_scrypt(_imp.exec_builtin)
    # The table of signal handlers is the process's: what stands in it are the host's own objects.
    signals: Any = _signal
    signals.getsignal = lambda _signalnum, /: signals.SIG_DFL
    # The host's environment, arguments and paths are its own; those of the C library are the whole process's.
    posix.environ.clear()
    posix.putenv = lambda _name, _value, /: None
    posix.unsetenv = lambda _name, /: None
    sys.argv = [""]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = [""]
    stdlib = own._stdlib_dir
    sys.path[:] = [p for p in sys.path if p == stdlib or p.endswith(("lib-dynload", ".zip"))]
    sys.path_importer_cache.clear()
    sys.dont_write_bytecode = True

    emit = _enclave.emit

    class Output(io.TextIOBase):
        """sys.stdout or sys.stderr: every write is one message to the host."""

        encoding = "utf-8"
        errors = "backslashreplace"

        def __init__(self, number: int, name: str) -> None:
            self._number = number
            self.name = name

        def write(self, text: str, /) -> int:
            emit(self._number, text)
            return len(text)

        def writable(self) -> bool:
            return True

        def __repr__(self) -> str:
            return f"<{self.name} of the enclave>"

    class Input(io.TextIOBase):
        """sys.stdin: empty."""

        encoding = "utf-8"
        errors = "strict"
        name = "<stdin>"

        def readable(self) -> bool:
            return True

        def read(self, size: int | None = -1, /) -> str:
            return ""

        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            return ""

    own.stdout = own.__stdout__ = stdout = Output(1, "<stdout>")
    own.stderr = own.__stderr__ = Output(2, "<stderr>")
    own.stdin = own.__stdin__ = Input()

    plain_print = builtins.print

    def print(
        *values: object, sep: Any = " ", end: Any = "\n", file: Any = None, flush: bool = False
    ) -> None:
        """Print the values to sys.stdout; one call is one message."""
        if file is not None or sys.stdout is not stdout:
            plain_print(*values, sep=sep, end=end, file=file, flush=flush)
            return
        if sep is None:
            sep = " "
        elif not isinstance(sep, str):
            raise TypeError(f"sep must be None or a string, not {type(sep).__name__}")
        if end is None:
            end = "\n"
        elif not isinstance(end, str):
            raise TypeError(f"end must be None or a string, not {type(end).__name__}")
        emit(1, sep.join([str(v) for v in values]) + end)

    print.__module__ = "builtins"
    print.__qualname__ = "print"
    builtins.print = print

    class ToolError(Exception):
        """A tool failed, is not known, or was called wrongly."""

        def __init__(self, message: str, name: str = "ToolError") -> None:
            super().__init__(message)
            self.name = name

    ToolError.__module__ = "builtins"
    ToolError.__qualname__ = "ToolError"

    post = _enclave.post
    take = _enclave.take

    def begin(function: str, name: Any, args: Any) -> int:
        if not isinstance(name, str):
            raise TypeError(f"{function}() expects the tool's name as str, got {type(name).__name__}")
        if args is None:
            args = {}
        if not isinstance(args, dict):
            raise TypeError(f"{function}() expects the arguments as dict, got {type(args).__name__}")
        posted = post(name, args)
        if not isinstance(posted, int) and posted[0] == "type":
            _extend_tables()
            posted = post(name, args)
        if isinstance(posted, int):
            return posted
        why, message = posted
        if why == "name":
            raise ToolError(message, "ValueError")
        kind = _TOO_LARGE if why == "size" else "TypeError"
        raise ToolError(f"the arguments of {name!r} cannot cross: {message}", kind)

    def value_of(ok: bool, value: Any) -> Any:
        if ok:
            return value
        kind, message = value
        raise ToolError(message, kind)

    def call_tool(name: Any, args: Any = None, /) -> Any:
        """Have the host's tool of that name called with a dict of arguments; its value, or ToolError."""
        _, ok, value = take(begin("call_tool", name, args), None)
        return value_of(ok, value)

    async def acall_tool(name: Any, args: Any = None, /) -> Any:
        """call_tool() for coroutines: several may be under way at once."""
        call_id = begin("acall_tool", name, args)
        loop: Any = running_event_loop()
        if loop is None:  # driven by hand, or by a loop that knows nothing of tools
            _, ok, value = take(call_id, None)
        else:
            ok, value = await loop._tool_answer(call_id)
        return value_of(ok, value)

    for function in (call_tool, acall_tool):
        function.__module__ = "builtins"
        function.__qualname__ = function.__name__
        setattr(scope, function.__name__, function)
    scope.ToolError = ToolError


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
    import gc
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
    # A smaller snapshot, and a collector that does not write to what it holds.
    gc.collect()
    gc.freeze()


# --- Values ----------------------------------------------------------------------------------------------------


def _extend_tables() -> None:
    """Let values of the modules that are loaded by now cross."""
    _enclave.set_ext(encode_table(sys.modules), decode_table())


# --- Compiling ---------------------------------------------------------------------------------------------------

_ONLY_AST = 0x0400  # ast.PyCF_ONLY_AST
_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CO_COROUTINE = 0x0080
_CO_GENERATOR = 0x0020
_CO_ASYNC_GENERATOR = 0x0200


class _RefusedError(Exception):
    """A script that is not run; the arguments are the message and the data of its error."""


_rules: Any = None  # of language.py; None: scripts are not checked


def _check_scripts(level: str) -> None:
    """Check scripts by the rules of a security level from here on."""
    global _rules
    _rules = RULES[level]


def _parse(source: str, filename: str) -> Any:
    rules = _rules
    if rules is not None and (found := check_source(source, rules)):
        raise _RefusedError(*refusal(found))
    tree = compile(source, filename, "exec", _ONLY_AST | _TOP_LEVEL_AWAIT, dont_inherit=True)
    if rules is not None and (found := check_tree(source, tree, rules)):
        raise _RefusedError(*refusal(found))
    return tree


def _compile(source: str, filename: str, count: bool) -> tuple[CodeType, CodeType | None]:
    """(statements, expression or None): two code objects whose second gives the value of the script."""
    try:
        if not count:
            return _compile_tree(_parse(source, filename), filename)
        tree = _parse(source, filename)
        count_turns(tree)
        body, last = _compile_tree(tree, filename)
    except (MemoryError, RecursionError):
        raise _RefusedError("the script is nested too deeply", {"line": None, "column": None}) from None
    turn = _enclave.turn
    return bind_counter(body, turn), None if last is None else bind_counter(last, turn)


def _compile_tree(tree: Any, filename: str) -> tuple[CodeType, CodeType | None]:
    import _ast

    last = None
    if tree.body and type(tree.body[-1]) is _ast.Expr:
        last = _ast.Expression(tree.body.pop().value)
    try:
        body = compile(tree, filename, "exec", _TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        if "'return' outside function" not in str(error):
            raise
        if last is not None:
            tree.body.append(_ast.Expr(last.body, lineno=last.body.lineno, col_offset=last.body.col_offset))
        return _compile_with_return(_ast, tree, filename), None
    if last is not None:
        last = compile(last, filename, "eval", _TOP_LEVEL_AWAIT, dont_inherit=True)
    return body, last


def _compile_with_return(_ast: Any, tree: Any, filename: str) -> CodeType:
    """A script with a top-level ``return``: a function whose names are all global."""
    where = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    for node in tree.body:  # a variable's annotation cannot stand beside its global declaration
        if type(node) is _ast.AnnAssign and node.simple:
            node.simple = 0
    none: dict[str, list[Any]] = {
        "args": [],
        "posonlyargs": [],
        "kwonlyargs": [],
        "kw_defaults": [],
        "defaults": [],
    }

    def wrap(body: list[Any]) -> CodeType:
        kind = _ast.AsyncFunctionDef if awaits else _ast.FunctionDef
        function = kind("<module>", _ast.arguments(**none), body or [_ast.Pass(**where)], [], **where)
        if "type_params" in kind._fields:
            function.type_params = []
        module = _ast.Module([function], [])
        code = compile(module, filename, "exec", dont_inherit=True)
        own_code: CodeType = next(c for c in code.co_consts if hasattr(c, "co_code"))
        return own_code

    awaits = False
    try:
        code = wrap(tree.body)
    except SyntaxError as error:
        awaits = True
        try:
            code = wrap(tree.body)
        except SyntaxError:
            raise error from None
    names = sorted({*code.co_varnames, *code.co_cellvars})
    if names:
        code = wrap([_ast.Global(names, **where), *tree.body])
    if code.co_flags & (_CO_GENERATOR | _CO_ASYNC_GENERATOR):
        raise SyntaxError("'yield' outside function", (filename, 1, 1, None))
    return code


async def _awaited(code: CodeType, expression: CodeType | None, namespace: dict[str, Any]) -> Any:
    value = eval(code, namespace)
    if code.co_flags & _CO_COROUTINE:
        value = await value
    if expression is not None:
        value = eval(expression, namespace)
        if expression.co_flags & _CO_COROUTINE:
            value = await value
    return value


def _execute(source: str, filename: str, namespace: dict[str, Any], count: bool) -> Any:
    code, expression = _compile(source, filename, count)
    flags = code.co_flags | (expression.co_flags if expression is not None else 0)
    if flags & _CO_COROUTINE:
        import asyncio

        return asyncio.run(_awaited(code, expression, namespace))
    value = eval(code, namespace)
    return value if expression is None else eval(expression, namespace)


# --- Errors --------------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception as error:
        return f"<no message: str() raised {type(error).__name__}>"


def _frames(traceback: TracebackType | None, source: str, filename: str, strip: bool) -> str:
    rows: list[tuple[str | None, int, str]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        name = code.co_filename
        # The frames of this runtime are the host's business.
        if name != _RUNTIME:
            rows.append((name, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    lines = source.splitlines() if rows else []
    if len(rows) > _MAX_FRAMES:
        half = _MAX_FRAMES // 2
        rows = [*rows[:half], (None, len(rows) - 2 * half, ""), *rows[-half:]]
    out = []
    for file, line, function in rows:
        if file is None:
            out.append(f"  ... {line} more frames ...\n")
            continue
        shown = file.rpartition("/")[2] if strip else file
        out.append(f'  File "{shown}", line {line}, in {function}\n')
        if file == filename and 0 < line <= len(lines):
            out.append(f"    {lines[line - 1].strip()}\n")
    return "".join(out)


def _stack(error: BaseException | None, source: str, filename: str, strip: bool) -> str:
    parts: list[str] = []
    seen: list[BaseException] = []
    joint = None
    while error is not None and error not in seen and len(seen) < _MAX_CHAIN:
        seen.append(error)
        frames = _frames(error.__traceback__, source, filename, strip)
        head = "Traceback (most recent call last):\n" if frames else ""
        text = f"{head}{frames}{type(error).__name__}: {_text(error)}\n"
        parts.append(text if joint is None else f"{text}\n{joint}\n\n")
        if error.__cause__ is not None:
            error = error.__cause__
            joint = "The above exception was the direct cause of the following exception:"
        elif not error.__suppress_context__:
            error = error.__context__
            joint = "During handling of the above exception, another exception occurred:"
        else:
            error = None
    return "".join(reversed(parts))


def _report(error: BaseException, source: str, filename: str, options: dict[str, Any]) -> None:
    name = type(error).__name__
    message = _text(error)
    code = "EXECUTION_ERROR"
    data: dict[str, Any] | None = None
    if type(error) is _RefusedError:
        _enclave.finish(ERROR, ["VALIDATION_ERROR", "ValidationError", error.args[0], None, error.args[1]])
        return
    if isinstance(error, SyntaxError) and error.filename == filename and error.__traceback__ is not None:
        last = error.__traceback__
        while last.tb_next is not None:
            last = last.tb_next
        if last.tb_frame.f_code.co_filename == _RUNTIME:
            code = "VALIDATION_ERROR"
            line, column = error.lineno, error.offset
            data = {
                "line": line if isinstance(line, int) else None,
                "column": column if isinstance(column, int) else None,
            }
    elif name == "ToolError":
        tool_error = _text(getattr(error, "name", None))
        data = {"name": tool_error}
        code = "MESSAGE_TOO_LARGE" if tool_error == _TOO_LARGE else "TOOL_ERROR"
    stack = _stack(error, source, filename, options.get("strip_paths", False))
    refused = _enclave.finish(ERROR, [code, name, message, stack, data])
    if refused is not None:
        clean = [s.encode("utf-8", "backslashreplace").decode()[:4096] for s in (name, message, stack)]
        _enclave.finish(ERROR, [code, *clean, None])


# --- A run -----------------------------------------------------------------------------------------------------------


def run(request: bytes) -> None:
    """Run one script; the answer is left with the core."""
    source, filename, given, options = _enclave.decode(request)
    namespace = sys.modules["__main__"].__dict__
    if given:
        namespace.update(given)
    try:
        if "renew" in options:
            _renewing.renew()
        value = _execute(source, filename, namespace, options.get("max_iterations") is not None)
        refused = _enclave.finish(VALUE, value)
        if refused is not None and refused[0] == "type":
            _extend_tables()
            refused = _enclave.finish(VALUE, value)
    except BaseException as error:
        _report(error, source, filename, options)
        return
    if refused is not None:
        why, message = refused
        code = "MESSAGE_TOO_LARGE" if why == "size" else "RESULT_NOT_SERIALIZABLE"
        _enclave.finish(
            ERROR, [code, "TypeError" if why == "type" else "ValueError", message, None, {"reason": why}]
        )


_prepare_surroundings()
if _enclave.library:
    _use_library()
_preload()
_extend_tables()
