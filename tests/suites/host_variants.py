"""What the host does while guests crash in it: one class a variant of the containment suite."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any


class Quiet:
    """A host that does nothing besides."""

    last_act: Callable[[], None] | None = None

    def before(self) -> None:
        """Before the enclave is made."""

    def started(self, enclave: Any) -> None:
        """The enclave is there, nothing has run."""

    def run(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Carry out one guest's run."""
        return work()

    def between(self) -> None:
        """After each guest."""

    def after(self) -> dict[str, Any]:
        """After close: what the test is to look at, each entry true when right."""
        return {}


class Faulthandler(Quiet):
    """faulthandler is on before the enclave is made, and still on at the end."""

    def before(self) -> None:
        faulthandler.enable()

    def after(self) -> dict[str, Any]:
        return {"still_enabled": faulthandler.is_enabled()}


class FaulthandlerLater(Quiet):
    """faulthandler is switched on once the worker is there."""

    def started(self, enclave: Any) -> None:
        faulthandler.enable()


class FaulthandlerCrash(Faulthandler):
    """After all guests' crashes the host crashes itself: faulthandler must tell of it and the process must die."""

    def __init__(self) -> None:
        self.last_act = faulthandler._sigsegv  # type: ignore[attr-defined]


class HostCrash(Quiet):
    """After all guests' crashes the host aborts itself: no handler of ours may keep it alive."""

    def __init__(self) -> None:
        self.last_act = os.abort


class Computing(Quiet):
    """A host thread computes all the while and must come to the right sums."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.rounds = 0
        self.wrong = 0
        self.thread = threading.Thread(target=self.compute)

    def compute(self) -> None:
        expected = sum(i * i for i in range(5000))
        while not self.stop.is_set():
            self.wrong += sum(i * i for i in range(5000)) != expected
            self.rounds += 1
            time.sleep(0.001)

    def before(self) -> None:
        self.thread.start()

    def after(self) -> dict[str, Any]:
        self.stop.set()
        self.thread.join(5)
        return {"computed": self.rounds > 0, "right": not self.wrong, "ended": not self.thread.is_alive()}


class Asyncio(Quiet):
    """The enclave is used from an asyncio loop, through its executor, while other tasks tick."""

    def __init__(self) -> None:
        self.ticks = 0

    def run(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        async def tick() -> None:
            while True:
                self.ticks += 1
                await asyncio.sleep(0.001)

        async def main() -> dict[str, Any]:
            ticking = asyncio.create_task(tick())
            try:
                return await asyncio.get_running_loop().run_in_executor(None, work)
            finally:
                ticking.cancel()

        return asyncio.run(main())

    def after(self) -> dict[str, Any]:
        return {"ticked": self.ticks > 0}


class Signals(Quiet):
    """The host has handlers of its own, made in Python; each must still be called after every crash."""

    OWN = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGFPE, signal.SIGILL)

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.sent = 0
        self.interrupted = 0

    def before(self) -> None:
        for number in self.OWN:
            signal.signal(number, lambda number, frame: self.seen.append(number))

    def between(self) -> None:
        for number in self.OWN:
            signal.raise_signal(number)
            self.sent += 1
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt:
            self.interrupted += 1
        self.sent += 1

    def after(self) -> dict[str, Any]:
        return {
            "all_seen": len(self.seen) + self.interrupted == self.sent,
            "interrupted": self.interrupted > 0,
        }


class SignalsLater(Signals):
    """The same, with the handlers set once the worker is there."""

    def before(self) -> None:
        pass

    def started(self, enclave: Any) -> None:
        super().before()


class Masked(Quiet):
    """The thread that makes the enclave has every signal blocked; its workers must contain all the same."""

    def before(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())

    def after(self) -> dict[str, Any]:
        return {"still_masked": signal.SIGUSR1 in signal.pthread_sigmask(signal.SIG_BLOCK, [])}


VARIANTS: dict[str, Callable[[], Quiet]] = {
    "quiet": Quiet,
    "faulthandler": Faulthandler,
    "faulthandler_later": FaulthandlerLater,
    "faulthandler_crash": FaulthandlerCrash,
    "host_crash": HostCrash,
    "computing": Computing,
    "asyncio": Asyncio,
    "signals": Signals,
    "signals_later": SignalsLater,
    "masked": Masked,
}
