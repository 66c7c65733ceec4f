"""asyncio's event loop in a guest: timers, tasks and tool calls, and nothing else that could be waited for.

Run before bootstrap.py; see there.  It stands in the place of ``asyncio.unix_events``, so
that every way to a loop (``asyncio.run``, runners, policies, ``new_event_loop``) leads here, and neither selectors nor
sockets are needed: the loop's selector waits on the slot's channel.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from types import ModuleType
    from typing import Any

    from . import _enclave


def fill_event_loop_module(module: ModuleType) -> None:
    """Put into the module what asyncio expects of ``asyncio.unix_events``."""
    from asyncio import base_events, events
    from time import monotonic

    take = _enclave.take
    forget = _enclave.forget
    waiting: dict[int, Any] = {}  # futures by call id, of all loops: whichever runs takes the answers

    class Channel:
        """The selector: what it reports are answers of tool calls."""

        @staticmethod
        def select(timeout: float | None) -> list[tuple[int, bool, Any]]:
            found = []
            answer = take(None, timeout)
            while answer is not None:
                found.append(answer)
                answer = take(None, 0.0)
            return found

    base: Any = base_events.BaseEventLoop

    class EventLoop(base):  # type: ignore[misc]
        """An event loop of the enclave; it has no files, sockets, processes or signals."""

        def __init__(self) -> None:
            super().__init__()
            self._selector = Channel

        def time(self) -> float:
            """Seconds of the monotonic clock, also where scripts have none."""
            return monotonic()

        def _process_events(self, event_list: list[tuple[int, bool, Any]]) -> None:
            for call_id, ok, value in event_list:
                future = waiting.pop(call_id, None)
                if future is not None and not future.done():
                    future.set_result((ok, value))

        def _write_to_self(self) -> None:
            """Wake up the loop from another thread: a guest has only one."""

        async def _tool_answer(self, call_id: int) -> tuple[bool, Any]:
            """(ok, value) of a tool call; cancelled, the answer is forgotten."""
            future = waiting[call_id] = self.create_future()
            try:
                answer: tuple[bool, Any] = await future
                return answer
            finally:
                if waiting.pop(call_id, None) is not None:
                    forget(call_id)

    # The policies: underscored from 3.14 on, and to go with 3.16.
    old = getattr(events, "BaseDefaultEventLoopPolicy", None)
    policy_base: Any = old or events._BaseDefaultEventLoopPolicy  # type: ignore[attr-defined]

    class DefaultEventLoopPolicy(policy_base):  # type: ignore[misc]
        """Makes loops of the enclave."""

        _loop_factory = EventLoop

    names: dict[str, Any] = {
        "EventLoop": EventLoop,
        "SelectorEventLoop": EventLoop,
        "DefaultEventLoopPolicy" if old is not None else "_DefaultEventLoopPolicy": DefaultEventLoopPolicy,
    }
    for made in (EventLoop, DefaultEventLoopPolicy):
        made.__module__ = module.__name__
        made.__qualname__ = made.__name__
    module.__dict__.update(names, __all__=tuple(name for name in names if not name.startswith("_")))


def running_event_loop() -> AbstractEventLoop | None:
    """The loop that runs just now, if it is one of the enclave's."""
    asyncio = sys.modules.get("asyncio")
    loop: AbstractEventLoop | None = asyncio.events._get_running_loop() if asyncio is not None else None
    return loop if hasattr(loop, "_tool_answer") else None
