"""One run of adapter "inline": what its script may call, its limits, and its end.

Threads
    The script runs in `execute`, on one thread.  `halt`, `tell` and `reply` come from any other.  `Halted` may be
    raised at any safe point of the script's thread, in the functions here that the script calls as well: they take no
    lock, and what must not be left half-way they call by `host`, which no `Halted` enters.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from pathlib import Path
from queue import Empty, SimpleQueue
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Final, NoReturn, final

from .. import _native
from ..guest.compiling import evaluate, evaluate_awaited, is_awaited
from ..guest.reporting import clean_report, report_error, report_value
from . import RunSettings
from .inline_watch import WATCH
from .message_meter import MessageMeter
from .requests import FILENAME
from .tools import MAX_NAME, answer

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from sys import UnraisableHookArgs

    from .inline_guest import Guest
    from .inline_serving import Serving

__all__ = ["Halted", "InlineRun", "running_loop"]

_OWN: Final = str(Path(__file__).parents[1]) + "/"  # the files whose frames are no business of the script's
# Between two attempts to end a script that has not ended yet; the first, and the longest.
_PAUSE_SECONDS: Final = 0.001
_LONGEST_PAUSE_SECONDS: Final = 0.02

_call_ids = itertools.count(1)


class Halted(KeyboardInterrupt):
    """The run is to end.  asyncio lets a KeyboardInterrupt through where it keeps other exceptions."""


@final
class _HaltedAgain(Halted):
    """The script has caught the first: have it raised once more at its next line, where a loop is past its handler.

    It is made in the script's thread.  Without this a loop that catches everything could go on for long: on 3.12 what
    is raised at a jump backwards out of a handler is taken for raised in the ``try`` (the handler's jump goes by way of
    the loop's own, which follows the body).
    """

    def __init__(self) -> None:
        super().__init__()
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code is not InlineRun._evaluate.__code__:
            if frame.f_code.co_filename == FILENAME:
                frame.f_trace = _strike
            frame = frame.f_back
        sys.settrace(_strike)


def _strike(_frame: FrameType, event: str, _argument: object) -> Any:
    """A trace function: what it raises ends the tracing."""
    if event == "line":
        raise Halted
    return None if event == "call" else _strike


def running_loop() -> AbstractEventLoop | None:
    """The event loop that runs in this thread."""
    events = sys.modules.get("asyncio.events")
    loop: AbstractEventLoop | None = None if events is None else events._get_running_loop()
    return loop


@final
class _Call:
    """A tool call that the script has not taken the answer of."""

    __slots__ = ("answer", "arguments", "begun", "forgotten", "name", "wake")

    def __init__(self, name: str, arguments: bytes) -> None:
        self.name = name
        self.arguments = arguments
        self.begun = False
        self.forgotten = False
        self.answer: tuple[bool, bytes] | None = None
        self.wake: Callable[[], object] = _nothing  # whoever waits looks again


def _nothing() -> None:
    pass


@final
class InlineRun:
    """A run, made when its worker takes it; `begun` is in monotonic nanoseconds."""

    __slots__ = (
        "_bytes",
        "_calls",
        "_closing",
        "_meter",
        "_output",
        "_pause",
        "_region",
        "_serving",
        "_settings",
        "_writes",
        "asked_calls",
        "due",
        "interruption",
        "iterations",
        "loop",
        "messages",
        "over",
        "reason",
        "served_calls",
        "thread",
    )

    def __init__(self, settings: RunSettings, serving: Serving, begun: int, timeout: float) -> None:
        self._settings = settings
        self._serving = serving
        self._region = _native.Interruptible(Halted, _HaltedAgain)
        self._meter = MessageMeter(settings.pool.max_messages_per_second, begun)
        self._output: tuple[list[bytes], list[bytes]] = ([], [])
        self._bytes = 0
        self._writes = 0
        self._calls: dict[int, _Call] = {}
        self._closing = False
        self._pause = _PAUSE_SECONDS
        self.due = begun / 1e9 + timeout
        self.reason = 0  # the HALT_ number, once it is to end
        self.over = False
        self.thread = threading.get_ident()
        self.loop: AbstractEventLoop | None = None  # of a script that awaits at its top level
        self.interruption: BaseException | None = (
            None  # what a callback of the host raised that is no Exception
        )
        self.messages = 0
        self.iterations = 0
        self.asked_calls = 0
        self.served_calls = 0

    def output(self, stream: int) -> bytes:
        """What was written to stream 1 or 2."""
        return b"".join(self._output[stream - 1])

    # -- its end, from any thread ------------------------------------------------------------------------------------

    def halt(self, reason: int) -> bool:
        """Have it end; False if it has ended."""
        if self.over:
            return False
        self.reason = self.reason or reason
        self.tell(time.monotonic())
        WATCH.soon(self.due)
        return True

    def tell(self, now: float) -> None:
        """Raise Halted in the script; again and again, since it may catch that."""
        self.reason = self.reason or _native.HALT_TIMEOUT
        self.due = now + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        frames = list(_frames(self.thread))
        if not self._closing or any(frame.f_code.co_filename == FILENAME for frame in frames):
            self._region.interrupt()
        for call in list(self._calls.values()):
            call.wake()
        if self.loop is not None:
            _wake_loop(self.loop)
        # A loop that the script runs itself may wait for what never comes.
        events = sys.modules.get("asyncio.base_events")
        for frame in frames:
            if events is not None and frame.f_code is events.BaseEventLoop.run_forever.__code__:
                _wake_loop(frame.f_locals["self"])

    def interrupted(self, error: BaseException) -> None:
        """A callback of the host raised what is no Exception: it is for whoever waits for the run."""
        self.interruption = error
        self.halt(_native.HALT_ABORTED)

    def _leave(self, reason: int) -> NoReturn:
        """The script has gone too far."""
        self.reason = self.reason or reason
        self._region.host(self._insist)
        self._region.leave()

    def _insist(self) -> None:
        self.due = time.monotonic() + self._pause
        WATCH.soon(self.due)

    # -- the script ---------------------------------------------------------------------------------------------------

    def execute(
        self, guest: Guest, context: Context, source: str, given: dict[str, Any] | None
    ) -> tuple[int, bytes]:
        """Run a script to its end on this thread: an OUTCOME_ number and the encoded value or error.

        Raises:
            Halted: it was ended.
            KeyboardInterrupt and others: a signal handler of the host's raised them.
        """
        try:
            code, expression = guest.compile(source)
        except Exception as error:  # noqa: BLE001 - whatever the compiler says of it is the script's
            return self._encode_report(self._report(error, source))
        if given:
            guest.namespace.update(given)
        tracer = sys.gettrace()
        try:
            answer = self._region.run(
                self._ignored, context.run, self._evaluate, code, expression, guest.namespace, source
            )
        except Halted:
            raise
        except BaseException as error:
            if self._is_hosts(error):
                raise
            # Out of the text of its own exception.
            return self._encode_report(["EXECUTION_ERROR", type(error).__name__, "<no message>", None, None])
        finally:
            if sys.gettrace() is not tracer:
                sys.settrace(tracer)
        if answer is None:
            raise Halted
        return answer

    def _evaluate(
        self, code: CodeType, expression: CodeType | None, namespace: dict[str, Any], source: str
    ) -> tuple[int, bytes] | None:
        """The answer; None if it was ended.

        The script's value, or its exception with all that the frames hold, is dropped here, where what the script has
        to say to that can be interrupted.
        """
        try:
            if not is_awaited(code, expression):
                return self._encode_value(evaluate(code, expression, namespace))
            return self._encode_value(self._evaluate_on_loop(code, expression, namespace))
        except Halted:
            return None
        except BaseException as error:
            if self._is_hosts(error):
                raise
            return self._encode_report(self._report(error, source))

    def _evaluate_on_loop(
        self, code: CodeType, expression: CodeType | None, namespace: dict[str, Any]
    ) -> object:
        import asyncio

        runner = asyncio.Runner()
        self.loop = loop = runner.get_loop()
        try:
            return runner.run(evaluate_awaited(code, expression, namespace))
        finally:
            # This lets tasks of the script's end, and they may be interrupted; the loop's own work and finalizers not.
            self._closing = True
            try:
                runner.close()
            finally:
                self.loop = None
                self._region.host(loop.close)

    def _ignored(self, report: UnraisableHookArgs) -> None:
        """What no handler of the script's can catch; as sys.unraisablehook, onto the script's stderr."""
        if isinstance(report.exc_value, Halted):
            return
        import traceback

        head = report.err_msg or "Exception ignored in"
        if report.object is not None:
            head += f": {report.object!r}"
        trace = traceback.format_exception(report.exc_type, report.exc_value, report.exc_traceback)
        self.emit(2, "".join([head, "\n" if report.err_msg is None else ":\n", *trace]))

    def _report(self, error: BaseException, source: str) -> list[Any]:
        return report_error(error, source, FILENAME, self._settings.strip_paths, _is_own)

    def _encode_report(self, report: list[Any]) -> tuple[int, bytes]:
        try:
            payload = _native.encode(report, max_size=self._settings.pool.max_message_size)
        except _native.EncodeError:
            payload = _native.encode(clean_report(report))
        return _native.OUTCOME_ERROR, payload

    def _encode_value(self, value: object) -> tuple[int, bytes]:
        try:
            payload = _native.encode(value, max_size=self._settings.pool.max_message_size)
        except _native.EncodeError as error:
            return self._encode_report(report_value(error.reason, str(error)))
        return _native.OUTCOME_VALUE, payload

    @staticmethod
    def _is_hosts(error: BaseException) -> bool:
        """Whether the exception came out of a signal handler of the host's, in the midst of the script."""
        if threading.current_thread() is not threading.main_thread():
            return False
        entries = list(_entries(error.__traceback__))
        foreign = {code for entry in entries if not _is_own((code := entry.tb_frame.f_code).co_filename)}
        if any(code.co_filename != FILENAME for code in foreign):
            handlers = (signal.getsignal(number) for number in signal.valid_signals())
            if not foreign.isdisjoint(getattr(handler, "__code__", None) for handler in handlers):
                return True
        if type(error) is not KeyboardInterrupt:
            return False
        # Python's own handler has no frame: what it raises comes from anywhere but a `raise` of the script's.
        last = entries[-1]
        code = last.tb_frame.f_code
        return code.co_filename != FILENAME or code.co_code[last.tb_lasti] != _raise_opcode()

    # -- what it calls ------------------------------------------------------------------------------------------------

    def host[T](self, function: Callable[..., T], *args: object) -> T:
        """Call what is the host's, and is not to be interrupted by the end of the run."""
        return self._region.host(function, *args)

    def turn(self) -> bool:
        """One turn of a loop; as `_enclave.turn`."""
        if not self.over:
            self._check()
            self.iterations += 1
            if self.iterations > (self._settings.max_iterations or math.inf):
                self._leave(_native.HALT_ITERATIONS)
        return True

    def emit(self, stream: int, text: str) -> None:
        """Write to stream 1 or 2; as `_enclave.emit`."""
        if not isinstance(text, str):
            raise TypeError(f"write() expects str, got {type(text).__name__}")
        if self.over:  # of a thread that the script has left behind
            return
        self._check()
        settings = self._settings
        data = str.encode(text, "utf-8", "backslashreplace")
        room = settings.max_output_bytes - self._bytes
        self.messages += 1
        self._writes += 1
        if self._writes > settings.max_output_calls:
            room = 0
        over = len(data) > room or self._writes > settings.max_output_calls
        if over:  # up to the limit, and not in the middle of a character
            while 0 < room < len(data) and data[room] & 0xC0 == 0x80:
                room -= 1
            data = data[:room]
        elif not self._admit():
            self._leave(_native.HALT_FLOOD)
        self._bytes += len(data)
        self._output[stream - 1].append(data)
        if data and settings.on_output is not None:
            self._call_back(self._serving.feed, stream, data)
        if over:
            self._leave(_native.HALT_OUTPUT)

    def post(self, name: str, arguments: object) -> int | tuple[str, str]:
        """Begin a tool call; as `_enclave.post`."""
        if self.over:
            raise RuntimeError(f"tool {name!r} cannot be called: the run is over")
        self._check()
        settings = self._settings
        if not 0 < len(name) <= MAX_NAME:
            return "name", f"a tool's name has 1 to {MAX_NAME} printable characters"
        try:
            data = _native.encode(arguments, max_size=settings.pool.max_message_size)
        except _native.EncodeError as error:
            return error.reason, str(error)
        self.asked_calls += 1
        self.messages += 1
        if self.asked_calls > settings.max_tool_calls:
            self._leave(_native.HALT_TOOL_CALLS)
        if len(self._calls) >= settings.pool.max_pending_tool_calls or not self._admit():
            self._leave(_native.HALT_FLOOD)
        call_id = next(_call_ids)
        self._calls[call_id] = _Call(name, data)
        return call_id

    def take(self, call_id: int) -> tuple[int, bool, Any]:
        """Wait for the answer of a call; as `_enclave.take`."""
        call = self._calls[call_id]
        try:
            if self._serving.direct and running_loop() is None:
                self.served_calls += 1
                found = self._call_back(answer, self._settings, call.name, call.arguments)
            else:
                found = self._wait(call_id, call)
        finally:
            self._forget(call_id, call)
        return call_id, found[0], _native.decode(found[1])

    def awaited(self, call_id: int) -> Any:
        """What to await for the answer of a call; None without an event loop."""
        loop = running_loop()
        return None if loop is None else self._await(loop, call_id, self._calls[call_id])

    def reply(self, call_id: int, done: bool, payload: bytes) -> None:
        """A call was answered; from any thread."""
        call = self._calls.get(call_id)
        if call is None:
            return
        call.answer = done, payload
        if call.forgotten:
            self._calls.pop(call_id, None)
        else:
            call.wake()

    def _check(self) -> None:
        """If it has caught its end and goes on, that is the end once more."""
        if self.reason:
            self._region.leave()

    def _admit(self) -> bool:
        self._meter.caught_up(time.monotonic_ns())
        return self._meter.admit()

    def _call_back[T](self, function: Callable[..., T], *args: object) -> T:
        """A callback of the host's; what it raises that is no Exception is not for the script."""
        try:
            return self._region.host(function, *args)
        except Halted:
            raise
        except BaseException as error:
            if isinstance(error, Exception):
                raise
            self.interruption = error
            self._leave(_native.HALT_ABORTED)

    def _begin(self, call_id: int, call: _Call) -> None:
        call.begun = True
        self.served_calls += 1
        self._region.host(self._serving.begin, call_id, call.name, call.arguments)

    def _wait(self, call_id: int, call: _Call) -> tuple[bool, bytes]:
        """For one that others serve, in a thread that does nothing else."""
        news: SimpleQueue[None] = SimpleQueue()
        call.wake = lambda: news.put(None)
        self._begin(call_id, call)
        while call.answer is None:
            self._check()
            left = self._serving.time_left()
            try:
                news.get(timeout=left)
            except Empty:
                self._region.host(self._serving.expire)
        return call.answer

    async def _await(self, loop: AbstractEventLoop, call_id: int, call: _Call) -> tuple[bool, Any]:
        """For one of several; cancelled, its answer is forgotten."""
        future = loop.create_future()

        def settle() -> None:
            if call.answer is not None and not future.done():
                future.set_result(None)

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(settle)

        call.wake = wake
        try:
            self._begin(call_id, call)
            if self._settings.tool_timeout is not None:
                loop.call_later(self._settings.tool_timeout + _PAUSE_SECONDS, self._serving.expire)
            await future
        finally:
            self._forget(call_id, call)
        assert call.answer is not None
        return call.answer[0], _native.decode(call.answer[1])

    def _forget(self, call_id: int, call: _Call) -> None:
        """Nobody waits for it any more; it counts until it is answered."""
        call.wake = _nothing
        call.forgotten = True
        if call.answer is not None or not call.begun:
            self._calls.pop(call_id, None)


def _frames(thread: int) -> Iterator[FrameType]:
    """Of a thread, the innermost first."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _wake_loop(loop: AbstractEventLoop) -> None:
    with contextlib.suppress(RuntimeError):  # it is closed
        loop.call_soon_threadsafe(_nothing)


def _is_own(filename: str) -> bool:
    return filename.startswith(_OWN)


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _raise_opcode() -> int:
    import opcode

    return opcode.opmap["RAISE_VARARGS"]
