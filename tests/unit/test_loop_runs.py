"""What an event loop's run makes of events whose order only an unlucky moment brings about."""

from __future__ import annotations

import asyncio
from collections import deque
from types import SimpleNamespace
from typing import Any

from enclave_subinterp import _native
from enclave_subinterp._adapters import Job
from enclave_subinterp._adapters.loop_runs import LoopRun


def call(number: int) -> tuple[int, int, str, bytes, int]:
    return _native.EVENT_TOOL_CALL, number, "tool", _native.encode({}), 0


class Slot:
    """Answered, the guest makes its next call at once, and the loop hears it before it sees the end of the task."""

    def __init__(self) -> None:
        self.events = deque([call(1)])
        self.hear: Any = None
        self.answered: list[int] = []

    def next_event(self, timeout: float | None = None) -> Any:
        return self.events.popleft() if self.events else None

    def reply(self, call_id: int, ok: bool, payload: bytes) -> bool:
        self.answered.append(call_id)
        if call_id == 1:
            self.events.append(call(2))
            self.hear()
        return True


def test_a_call_that_was_answered_is_no_longer_under_way() -> None:
    """GIVEN one call at a time WHEN the second comes before the task of the first has ended THEN it is served."""

    async def tool(name: str, args: dict[str, Any]) -> None:
        """Nothing."""

    async def main() -> None:
        slot = Slot()
        channel = SimpleNamespace(loop=asyncio.get_running_loop(), listener=None)
        run: Any = LoopRun(worker, slot, channel, Job(b"", 1.0), settings)  # type: ignore[arg-type]
        slot.hear = run._hear
        run._hear()
        while run._tools._tasks:
            await asyncio.gather(*run._tools._tasks)
        assert (slot.answered, aborted) == ([1, 2], [])

    aborted: list[object] = []
    worker = SimpleNamespace(abort=lambda _job, reason: aborted.append(reason))
    pool = SimpleNamespace(max_messages_per_second=100, max_pending_tool_calls=1, max_message_size=1000)
    settings = SimpleNamespace(
        pool=pool, max_tool_calls=10, tool_handler=tool, tool_timeout=None, on_output=None
    )
    asyncio.run(main())
