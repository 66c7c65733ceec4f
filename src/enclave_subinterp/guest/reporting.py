"""What went wrong in a script, as plain text: ``[code, name, message, stack, data]``.

Like bootstrap.py it is part of the guest's runtime; it can be imported as a module as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any
if TYPE_CHECKING or "RefusedError" not in globals():  # in a slot it ran before
    from .compiling import RefusedError

# These are not evaluated, so that nothing is imported for them.
type _Traceback = TracebackType | None
type _IsOwn = Callable[[str], bool]  # whether a frame's file is one of the runtime's
type _Report = list[Any]

TOO_LARGE = "MessageTooLarge"  # the name of a ToolError

_MAX_CHAIN = 8  # exceptions of a chain that are reported
_MAX_FRAMES = 60  # frames of a traceback that are reported, half from each end


def report_error(error: BaseException, source: str, filename: str, strip: bool, own: _IsOwn) -> _Report:
    """The report of an exception that ended a script, or kept it from being compiled."""
    if type(error) is RefusedError:
        return ["VALIDATION_ERROR", "ValidationError", error.args[0], None, error.args[1]]
    code = "EXECUTION_ERROR"
    data: dict[str, Any] | None = None
    name = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename == filename and error.__traceback__ is not None:
        last = error.__traceback__
        while last.tb_next is not None:
            last = last.tb_next
        if own(last.tb_frame.f_code.co_filename):
            code = "VALIDATION_ERROR"
            line, column = error.lineno, error.offset
            data = {
                "line": line if isinstance(line, int) else None,
                "column": column if isinstance(column, int) else None,
            }
    elif name == "ToolError":
        tool_error = _text(getattr(error, "name", None))
        data = {"name": tool_error}
        code = "MESSAGE_TOO_LARGE" if tool_error == TOO_LARGE else "TOOL_ERROR"
    return [code, name, _text(error), _stack(error, source, filename, strip, own), data]


def report_value(why: str, message: str) -> _Report:
    """The report of a value that cannot cross."""
    code = "MESSAGE_TOO_LARGE" if why == "size" else "RESULT_NOT_SERIALIZABLE"
    return [code, "TypeError" if why == "type" else "ValueError", message, None, {"reason": why}]


def clean_report(report: _Report) -> _Report:
    """One that crosses whatever was in the other."""
    code, *texts = report[:4]
    return [code, *[text.encode("utf-8", "backslashreplace").decode()[:4096] for text in texts], None]


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception as error:
        return f"<no message: str() raised {type(error).__name__}>"


def _frames(traceback: _Traceback, source: str, filename: str, strip: bool, own: _IsOwn) -> str:
    rows: list[tuple[str | None, int, str]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        name = code.co_filename
        # The frames of this runtime are the host's business.
        if not own(name):
            rows.append((name, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    # What stands before the script's first frame is what runs it: for a top-level await that is the loop of asyncio.
    del rows[: next((at for at, row in enumerate(rows) if row[0] == filename), 0)]
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


def _stack(error: BaseException | None, source: str, filename: str, strip: bool, own: _IsOwn) -> str:
    parts: list[str] = []
    seen: list[BaseException] = []
    joint = None
    while error is not None and error not in seen and len(seen) < _MAX_CHAIN:
        seen.append(error)
        frames = _frames(error.__traceback__, source, filename, strip, own)
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
