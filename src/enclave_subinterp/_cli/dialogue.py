"""The session of `enclave repl`: inputs and commands, without the terminal.

After each input that ended by itself a checkpoint is taken, so that one that is halted undoes itself and no more.
"""

from __future__ import annotations

from typing import Any, Final

from .. import CheckpointLimitError, Enclave, ErrorCode, RunStats, Session
from . import exits, values
from .report import explain
from .terminal import Output

__all__ = ["COMMANDS", "Dialogue", "Leave"]

COMMANDS: Final = {
    ":help": "this list",
    ":checkpoint": "[NAME]  keep the state as it is now",
    ":restore": "[NAME]  go back to a checkpoint, by default the last one that was named",
    ":checkpoints": "list them",
    ":forget": "NAME    give a checkpoint's memory back",
    ":reset": "go back to the start",
    ":stats": "what the last input took",
    ":quit": "leave (as Ctrl-D)",
}
# These ended the script, not its own doing; the session is where its last checkpoint is.
_NOT_HALTED: Final = {
    ErrorCode.VALIDATION_ERROR,
    ErrorCode.EXECUTION_ERROR,
    ErrorCode.TOOL_ERROR,
    ErrorCode.RESULT_NOT_SERIALIZABLE,
}


class Leave(Exception):
    """The user wants to leave."""


class Dialogue:
    """One user's inputs and their state."""

    def __init__(self, enclave: Enclave, output: Output) -> None:
        self._enclave = enclave
        self._output = output
        self.exit_code = 0  # of the first input that failed
        self._inputs = 0
        self._stats: RunStats | None = None
        self._begin()

    def _begin(self) -> None:
        self._session: Session = self._enclave.session()
        self._names: dict[str, int] = {}
        self._last: int | None = None  # the checkpoint that a halt goes back to; None for the start

    def close(self) -> None:
        self._session.close()

    def handle(self, text: str) -> None:
        """Serve an input or a command; Leave if that is what was asked for."""
        if text.lstrip().startswith(":"):
            self._command(*text.split(None, 1))
        elif text.strip():
            self._run(text)

    # -- inputs ------------------------------------------------------------------------------------------------------

    def _run(self, source: str) -> None:
        self._inputs += 1
        try:
            result = self._session.run(source)
        except KeyboardInterrupt:
            self._say("interrupted; the session is as it was before this input")
            self._fail(130)
            self._refresh()
            return
        self._stats = result.stats
        if result.value is not None:
            self._output.line("stdout", values.as_text(result.value))
        if result.error is not None:
            self._output.line("stderr", explain(result.error, source, f"<input {self._inputs}>"))
            self._fail(exits.of(result))
            if result.error.code not in _NOT_HALTED:
                if not self._session.closed:
                    self._say("the session is as it was before this input")
                self._refresh()
                return
        self._keep()

    def _keep(self) -> None:
        """Take the checkpoint that the next input goes back to if it is halted."""
        try:
            kept = self._session.checkpoint()
        except CheckpointLimitError as error:
            self._say(f"{error}; an input that is halted goes back to an earlier state")
            return
        self._settle(kept)

    def _settle(self, checkpoint: int | None) -> None:
        """A halt goes back to this one from now on; the one before is not needed any more if it has no name."""
        before, self._last = self._last, checkpoint
        if before is not None and before != checkpoint and before not in self._names.values():
            self._session.forget(before)

    def _refresh(self) -> None:
        """Begin anew if the session was lost."""
        if self._session.closed:
            self._say("the session was lost with its worker, and its checkpoints; a new one has begun")
            self._session.close()
            self._begin()

    def names(self, path: str) -> list[str]:
        """The names in the session, or those of what `path` names; silently none where that cannot be told."""
        target = path.removesuffix(".")
        try:
            found: Any = self._session.run(f"list(dir({target}))", timeout=0.5).value
        except KeyboardInterrupt:
            found = None
        self._refresh()
        return [name for name in found or () if isinstance(name, str)] if isinstance(found, list) else []

    def _fail(self, code: int) -> None:
        self.exit_code = self.exit_code or code

    def _say(self, text: str) -> None:
        self._output.line("stderr", f"({text})")

    # -- commands ----------------------------------------------------------------------------------------------------

    def _command(self, command: str, rest: str = "") -> None:
        name = rest.strip()
        match command:
            case ":quit" | ":q" | ":exit":
                raise Leave
            case ":help" | ":h" | ":?":
                rows = [f"  {key:<13} {text}" for key, text in COMMANDS.items()]
                self._output.line("stdout", "\n".join(["Python, or one of:", *rows]))
            case ":checkpoint":
                self._checkpoint(name or str(len(self._names) + 1))
            case ":restore":
                self._restore(name)
            case ":checkpoints":
                self._output.line("stdout", "\n".join(self._names) or "(none)")
            case ":forget":
                self._forget(name)
            case ":reset":
                self._session.reset()
                self._settle(None)
                self._say("back at the start")
            case ":stats":
                self._output.line("stdout", _figures(self._stats))
            case _:
                self._complain(f"there is no command {command}; :help lists those that there are")

    def _checkpoint(self, name: str) -> None:
        if self._last is None:
            self._keep()
        if self._last is None:
            return
        before = self._names.pop(name, None)
        self._names[name] = self._last
        if before is not None and before not in (self._last, *self._names.values()):
            self._session.forget(before)
        self._say(f"checkpoint {name}")

    def _restore(self, name: str) -> None:
        name = name or next(reversed(self._names), "")
        if name not in self._names:
            self._unknown(name)
            return
        checkpoint = self._names[name]
        self._session.restore(checkpoint)
        self._settle(checkpoint)
        self._say(f"back at checkpoint {name}")

    def _forget(self, name: str) -> None:
        if name not in self._names:
            self._unknown(name)
            return
        checkpoint = self._names.pop(name)
        if checkpoint not in (self._last, *self._names.values()):
            self._session.forget(checkpoint)

    def _unknown(self, name: str) -> None:
        there = ", ".join(self._names) or "none"
        self._complain(f"there is no checkpoint {name or 'yet'}; there is {there}, :checkpoint makes one")

    def _complain(self, text: str) -> None:
        self._say(text)
        self._fail(exits.USAGE)


def _figures(stats: RunStats | None) -> str:
    if stats is None:
        return "nothing was run yet"
    return (
        f"{stats.duration * 1e3:.2f} ms, processor {stats.cpu_time * 1e3:.2f} ms,"
        f" {stats.peak_memory / 2**20:.1f} MB at most, {stats.tool_call_count} tool calls"
    )
