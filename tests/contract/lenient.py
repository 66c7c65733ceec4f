"""A core that lets everything pass, for tests of the limits that the host has beside it."""

from typing import Any

from enclave_subinterp import _native

TRUE_SLOT = _native.Slot


class Lenient:
    """A slot whose runs may send what they like."""

    def __init__(self, **options: Any) -> None:
        self._slot = TRUE_SLOT(**options)

    def start(self, request: bytes, **limits: Any) -> int:
        return self._slot.start(request, **{**limits, "max_messages_per_second": 0, "max_tool_calls": 0})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._slot, name)
