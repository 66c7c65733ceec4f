"""From a script and its globals to a job: checked, and encoded as it crosses to whatever runs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .. import _native
from ..result import ErrorCode, ErrorInfo, RunResult
from . import Job, Outcome, RunSettings

__all__ = ["FILENAME", "Requests"]

FILENAME: Final = "<enclave>"  # the script's, in tracebacks


class Requests:
    """What every maker of an enclave's jobs is.

    Raises:
        TypeError, ValueError: one of the enclave's globals cannot cross.
    """

    def __init__(self, settings: RunSettings) -> None:
        self._settings = settings
        self._base = dict(settings.globals) if settings.globals else None
        self._options = {"strip_paths": settings.strip_paths}
        if self._base:
            _check_globals(self._base, settings.pool.max_message_size)

    def prepare(
        self,
        code: str,
        timeout: float | None,
        variables: Mapping[str, Any] | None,
        *,
        base: bool = True,
        renew: bool = False,
    ) -> Job:
        """The job for one script; see `ScriptAdapter.prepare`."""
        settings = self._settings
        scope = self._base if base else None
        options = {**self._options, "renew": True} if renew else self._options
        if variables:
            scope = {**scope, **variables} if scope else dict(variables)
        limit = settings.pool.max_message_size
        try:
            request = _native.encode_message((code, FILENAME, scope, options), max_size=limit)
        except _native.EncodeError as error:
            if scope:
                _check_globals(scope, limit)
            job = Job(b"", settings.timeout if timeout is None else timeout)
            job.outcome = _refused(error, len(code), limit)
            return job
        seconds = settings.timeout if timeout is None else timeout
        return Job(request, seconds) if isinstance(request, bytes) else Job(b"", seconds, request)


def _refused(error: _native.EncodeError, length: int, limit: int) -> Outcome:
    """The outcome of a script whose source cannot be handed over: the script's fault, so a result."""
    if error.reason == "size":
        message = f"the script has {length} characters; with its globals it must fit into {limit} bytes"
        info = ErrorInfo("MessageTooLargeError", message, ErrorCode.MESSAGE_TOO_LARGE, None, {"limit": limit})
    else:
        info = ErrorInfo("SyntaxError", f"the script cannot be encoded: {error}", ErrorCode.VALIDATION_ERROR)
    return Outcome(RunResult(False, None, info))


def _check_globals(variables: Mapping[str, Any], limit: int) -> None:
    """Complain of the first variable that cannot cross."""
    for name, value in variables.items():
        try:
            _native.encode(value, max_size=limit)
        except _native.EncodeError as error:
            kind = TypeError if error.reason == "type" else ValueError
            raise kind(
                f"globals[{name!r}]: expected a value that can cross, got {type(value).__name__}: {error}"
            ) from error
    try:
        _native.encode(dict(variables), max_size=limit)
    except _native.EncodeError as error:
        raise ValueError(f"globals: cannot cross together: {error}") from error
