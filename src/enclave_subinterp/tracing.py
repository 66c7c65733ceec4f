"""OpenTelemetry spans around the runs of scripts; needs the extra `tracing`.

    from enclave_subinterp.tracing import instrument

    instrument()

From then on every ``run``, ``submit`` and run of a session in this process is a span, the spans of tools that are
called on the caller's thread or task are its children, and ``uninstrument()`` ends that.  Nothing of a script goes into
a span: no source, value, output or message, which are the script's to choose; only figures and error codes do.

Until `instrument` is called, and when this module is never imported, nothing is slower.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, Final

from .aio import AsyncEnclave, AsyncSession
from .enclave import Enclave
from .result import RunResult
from .session import Session

try:
    from opentelemetry import trace
    from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, TracerProvider
except ImportError as error:
    raise ImportError(
        "enclave_subinterp.tracing needs opentelemetry-api: pip install 'enclave_subinterp[tracing]'"
    ) from error

__all__ = ["instrument", "uninstrument"]

_lock: Final = threading.Lock()
_originals: Final[dict[tuple[type, str], Callable[..., Any]]] = {}


def instrument(tracer_provider: TracerProvider | None = None) -> None:
    """Make a span of every run from now on; those under way have none.  Again, with another provider: that one.

    Args:
        tracer_provider: where the spans go; None for the process's.
    """
    from . import __version__

    tracer = trace.get_tracer("enclave_subinterp", __version__, tracer_provider)
    with _lock:
        _restore()
        _replace(Enclave, "run", functools.partial(_blocking, tracer, "enclave.run"))
        _replace(Session, "run", functools.partial(_blocking, tracer, "enclave.session.run"))
        _replace(Enclave, "submit", functools.partial(_submitting, tracer))
        _replace(AsyncEnclave, "run", functools.partial(_awaited, tracer, "enclave.run"))
        _replace(AsyncSession, "run", functools.partial(_awaited, tracer, "enclave.session.run"))


def uninstrument() -> None:
    """Make no more spans."""
    with _lock:
        _restore()


def _replace(owner: type, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    original: Callable[..., Any] = getattr(owner, name)
    _originals[owner, name] = original
    setattr(owner, name, wrap(original))


def _restore() -> None:
    while _originals:
        (owner, name), original = _originals.popitem()
        setattr(owner, name, original)


def _blocking(tracer: Tracer, title: str, original: Callable[..., RunResult]) -> Callable[..., RunResult]:
    @functools.wraps(original)
    def run(*args: Any, **kwargs: Any) -> RunResult:
        with tracer.start_as_current_span(title, kind=SpanKind.INTERNAL) as span:
            result = original(*args, **kwargs)
            _note(span, result)
            return result

    return run


def _awaited(tracer: Tracer, title: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    async def run(*args: Any, **kwargs: Any) -> RunResult:
        with tracer.start_as_current_span(title, kind=SpanKind.INTERNAL) as span:
            result: RunResult = await original(*args, **kwargs)
            _note(span, result)
            return result

    return run


def _submitting(tracer: Tracer, original: Callable[..., Any]) -> Callable[..., Any]:
    """The span of a submitted script ends when the script does, on whatever thread that is."""

    @functools.wraps(original)
    def submit(*args: Any, **kwargs: Any) -> Any:
        span = tracer.start_span("enclave.submit", kind=SpanKind.INTERNAL)
        try:
            handle = original(*args, **kwargs)
        except BaseException as error:
            _failed(span, error)
            span.end()
            raise

        def ended(handle: Any) -> None:
            try:
                _note(span, handle.result(0))
            except Exception as error:  # noqa: BLE001 - it never began; whoever asks the handle gets it
                _failed(span, error)
            span.end()

        handle.add_done_callback(ended)
        return handle

    return submit


def _failed(span: Span, error: BaseException) -> None:
    span.set_attribute("error.type", type(error).__name__)
    span.record_exception(error)
    span.set_status(Status(StatusCode.ERROR, type(error).__name__))


def _note(span: Span, result: RunResult) -> None:
    """What a script came to, in figures."""
    stats = result.stats
    span.set_attributes(
        {
            "enclave.worker_id": stats.worker_id,
            "enclave.duration": stats.duration,
            "enclave.cpu_time": stats.cpu_time,
            "enclave.queue_time": stats.queue_time,
            "enclave.tool_calls": stats.tool_call_count,
            "enclave.messages": stats.message_count,
            "enclave.peak_memory": stats.peak_memory,
        }
    )
    if result.error is not None:
        code = result.error.code.value
        span.set_attribute("error.type", code)
        span.set_status(Status(StatusCode.ERROR, code))
