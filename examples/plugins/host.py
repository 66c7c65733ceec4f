"""The host of plugins: each is a session, so it has its own state, its own limits, and its own misfortune.

A plugin is a script that defines ``on_order(order)``, which returns what is to be added to the price.  Once it has been
loaded, and after each tenth call if that went well, a checkpoint is taken.  A call that fails leaves no half-done
state: the plugin is back at its last checkpoint.  One whose worker was lost with all of its state begins anew.  After
three failures it is disabled.  Whatever one of them does, the others and the application go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from enclave_subinterp import (
    CheckpointLimitError,
    Enclave,
    ErrorInfo,
    RunResult,
    Session,
    WorkerPoolConfig,
)

MB = 1024 * 1024
CHECKPOINT_EVERY = 10  # calls
MAX_FAILURES = 3

_serving: ContextVar[Plugin] = ContextVar("serving")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call of a plugin may take."""

    seconds: float = 0.5
    tool_calls: int = 5


@dataclass(eq=False)
class Plugin:
    """One plugin and what has become of it."""

    name: str
    source: str
    limits: Limits
    session: Session | None = None
    checkpoint: int | None = None
    calls: int = 0
    failures: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    disabled: bool = False


class Host:
    """Loads plugins and calls them."""

    def __init__(self, most: int = 16, memory_limit: int = 64 * MB) -> None:
        """`most` plugins at a time, each of which holds a worker."""
        config = WorkerPoolConfig(
            min_workers=0, max_workers=most, memory_limit_per_worker=memory_limit, max_queue_size=0
        )
        self._enclave = Enclave(worker_pool_config=config, tool_handler=self._tool)
        self.plugins: dict[str, Plugin] = {}

    def load(self, name: str, source: str, limits: Limits | None = None) -> Plugin:
        """Load a plugin; one that cannot be is disabled from the start, and its failure says why."""
        plugin = self.plugins[name] = Plugin(name, source, limits or Limits())
        self._begin(plugin)
        return plugin

    def load_all(self, files: Iterable[Path]) -> None:
        for file in sorted(files):
            self.load(file.stem, file.read_text(encoding="utf-8"))

    def call(self, plugin: Plugin, order: dict[str, Any]) -> float:
        """What a plugin wants to have added to an order's price; 0.0 if it has nothing to say, or fails."""
        if plugin.session is None:
            return 0.0
        result = self._run(plugin, "on_order(order)", {"order": order})
        plugin.calls += 1
        if result.error is not None:
            self._failed(plugin, result.error)
            return 0.0
        if plugin.calls % CHECKPOINT_EVERY == 0:
            self._keep(plugin)
        # What comes from a plugin is a stranger's word, also when it is well-formed.
        value = result.value
        if type(value) not in {int, float} or not -order["price"] <= value <= order["price"]:
            self._note(plugin, f"on_order() returned {type(value).__name__}, or too much")
            return 0.0
        return float(value)

    def price(self, order: dict[str, Any]) -> float:
        """An order's price with all plugins."""
        return order["price"] + sum(self.call(plugin, order) for plugin in list(self.plugins.values()))

    def close(self) -> None:
        self._enclave.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self, plugin: Plugin) -> None:
        """Run the plugin's script in a session of its own."""
        plugin.session = self._enclave.session(
            timeout=plugin.limits.seconds, max_tool_calls=plugin.limits.tool_calls
        )
        result = self._run(plugin, plugin.source, {})
        if result.error is None:
            self._keep(plugin)
        else:
            plugin.failures.append(_line(result.error))
            self._disable(plugin)

    def _run(self, plugin: Plugin, code: str, values: dict[str, Any]) -> RunResult:
        assert plugin.session is not None
        token = _serving.set(plugin)
        try:
            return plugin.session.run(code, globals=values)
        finally:
            _serving.reset(token)

    def _keep(self, plugin: Plugin) -> None:
        """Take a checkpoint in the place of the last; a plugin that has grown too large for one goes on from that."""
        assert plugin.session is not None
        before = plugin.checkpoint
        try:
            plugin.checkpoint = plugin.session.checkpoint()
        except CheckpointLimitError:
            return
        if before is not None:
            plugin.session.forget(before)

    def _failed(self, plugin: Plugin, error: ErrorInfo) -> None:
        self._note(plugin, _line(error))
        if plugin.session is None:
            return
        if plugin.session.closed:  # its worker was lost, and with it the checkpoints
            plugin.checkpoint = None
            self._begin(plugin)
        elif plugin.checkpoint is not None:
            # A call that was halted is back there by itself; one that raised has left what it had done.
            plugin.session.restore(plugin.checkpoint)

    def _note(self, plugin: Plugin, failure: str) -> None:
        plugin.failures.append(failure)
        if len(plugin.failures) >= MAX_FAILURES:
            self._disable(plugin)

    @staticmethod
    def _disable(plugin: Plugin) -> None:
        """Call it no more, and give its worker back."""
        plugin.disabled = True
        if plugin.session is not None:
            plugin.session.close()
            plugin.session = None

    @staticmethod
    def _tool(name: str, args: dict[str, Any]) -> None:
        """The one tool: ``call_tool("say", {"text": ...})``."""
        match name, args:
            case "say", {"text": str(text)}:
                _serving.get().said.append(text[:200])
                return
        raise LookupError("the tool is say(text)")


def _line(error: ErrorInfo) -> str:
    return f"{error.code.value}: {error.message}".splitlines()[0]
