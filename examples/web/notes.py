"""The tools that scripts may call: notes that a tenant keeps between its runs."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

from .runs import current

MAX_NOTES, MAX_LENGTH = 100, 1_000


class Notes:
    """Each tenant's notes, by name.  What a script says is checked like anything that comes from outside."""

    def __init__(self) -> None:
        self._notes: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._changed = asyncio.Condition()

    async def call(self, tool: str, args: dict[str, Any]) -> Any:
        """The handler of the enclaves; an exception is the script's ToolError."""
        notes = self._notes[current.get().tenant.name]
        match tool, args:
            case "put", {"name": str(name), "text": str(text)}:
                if max(len(name), len(text)) > MAX_LENGTH or (name not in notes and len(notes) >= MAX_NOTES):
                    raise ValueError(f"there are at most {MAX_NOTES} notes of {MAX_LENGTH} characters")
                async with self._changed:
                    notes[name] = text
                    self._changed.notify_all()
                return None
            case "get", {"name": str(name)}:
                return notes.get(name)
            case "wait", {"name": str(name)}:  # the enclave's tool_timeout ends it
                async with self._changed:
                    await self._changed.wait_for(lambda: name in notes)
                return notes[name]
        raise LookupError("the tools are put(name, text), get(name) and wait(name), with texts")
