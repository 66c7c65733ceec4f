"""The terminal's side of `enclave repl`: editing, history and completion."""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from .dialogue import COMMANDS, Dialogue
from .lines import is_whole

__all__ = ["make_prompt"]

_NAME: Final = re.compile(r"((?:[^\W\d]\w*\.)*)((?:[^\W\d]\w*)?)$")


def make_prompt(dialogue: Dialogue, *, keep_history: bool) -> PromptSession[str]:
    """A prompt that takes one input at a time, of as many lines as it has."""
    return PromptSession(
        ">>> ",
        multiline=True,
        prompt_continuation="... ",
        history=_history() if keep_history else InMemoryHistory(),
        completer=_Names(dialogue),
        complete_while_typing=False,
        key_bindings=_bindings(),
        enable_history_search=True,
    )


def _history() -> History:
    """A file that is the user's alone; none where it cannot be had."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    file = Path(base) / "enclave_subinterp" / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(file))


def _bindings() -> KeyBindings:
    bindings = KeyBindings()

    def press_enter(event: KeyPressEvent) -> None:
        """Run what is whole, else go on in a new line as far in as the one before."""
        buffer = event.current_buffer
        text = buffer.text
        line = buffer.document.current_line_before_cursor
        # A line of nothing but its margin ends a block as an empty one does.
        so_far = text if line.strip() else text.removesuffix(line)
        if text.lstrip().startswith(":") or (buffer.document.is_cursor_at_the_end and is_whole(so_far)):
            buffer.validate_and_handle()
            return
        margin = line[: len(line) - len(line.lstrip())]
        buffer.insert_text("\n" + margin + ("    " if line.rstrip().endswith(":") else ""))

    def press_tab(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("    ")

    @Condition
    def at_margin() -> bool:
        from prompt_toolkit.application import get_app

        return not get_app().current_buffer.document.current_line_before_cursor.strip()

    bindings.add("enter")(press_enter)
    bindings.add("tab", filter=at_margin)(press_tab)
    return bindings


class _Names(Completer):
    """Commands, keywords, and what the session knows."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        if before.startswith(":"):
            yield from _fitting(COMMANDS, before)
            return
        found = _NAME.search(before)
        assert found is not None  # it may be empty
        path, begun = found.groups()
        names = self._dialogue.names(path)
        if not path:
            names += keyword.kwlist
        yield from _fitting(names, begun)


def _fitting(names: Iterable[str], begun: str) -> Iterable[Completion]:
    hidden = begun.startswith("_")
    for name in sorted(set(names)):
        # A name of a script's that would draw on the terminal is none to offer.
        if name.startswith(begun) and (hidden or not name.startswith("_")) and name.isprintable():
            yield Completion(name, start_position=-len(begun))
