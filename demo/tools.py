"""The tools that the host offers to the scripts.

The same object serves all workers at once, so what it keeps is behind a lock.
"""

from __future__ import annotations

import threading
from decimal import Decimal

from . import corpus

# Units of a currency for one euro, of one fixed day: the demonstration must come to the same tomorrow.
_RATES = {
    "EUR": Decimal("1"),
    "USD": Decimal("1.0837"),
    "GBP": Decimal("0.8562"),
    "JPY": Decimal("163.05"),
    "CHF": Decimal("0.9631"),
    "SEK": Decimal("11.3920"),
}
_LARGEST_STORED = 64 * 1024


class Tools:
    """A tool handler for `Enclave`: ``handler(name, args)`` answers one call."""

    def __init__(self) -> None:
        self._stored: dict[str, object] = {}
        self._lock = threading.Lock()

    def __call__(self, name: str, args: dict[str, object]) -> object:
        """Answer a call; LookupError for an unknown tool or thing, ValueError for wrong arguments."""
        match name:
            case "read_source":
                return corpus.source(_text(args, "module"))
            case "list_modules":
                return list(corpus.MODULES)
            case "lookup_topic":
                return corpus.topic(_text(args, "topic"))
            case "list_topics":
                return sorted(corpus.topics())
            case "exchange_rate":
                return _RATES[_text(args, "to")] / _RATES[_text(args, "from")]
            case "store":
                self._store(_text(args, "key"), args.get("value"))
                return None
            case "fetch":
                with self._lock:
                    return self._stored[_text(args, "key")]
            case _:
                raise LookupError(f"there is no tool {name!r}")

    def _store(self, key: str, value: object) -> None:
        if isinstance(value, str | bytes) and len(value) > _LARGEST_STORED:
            raise ValueError(f"{len(value)} are too many to store, the most is {_LARGEST_STORED}")
        with self._lock:
            self._stored[key] = value


def _text(args: dict[str, object], key: str) -> str:
    value = args.get(key)
    if not isinstance(value, str):
        raise ValueError(f"expected a str as {key!r}, got {type(value).__name__}")
    return value
