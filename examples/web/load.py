"""A load on the service: many tenants, a tenth of them hostile, and a judge of what each was answered.

    python -m examples.web.load --requests 1000

Each tenant sends one request.  Honest ones keep a secret, leave traces wherever a script can, and look for those of
others; what they are answered must be right to the letter.  What a hostile one is answered must be its own failure.
Whoever is told to come again does so when it was told to.  Exit code 0: no request was lost and none was affected.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .client import Client, NotBegunError, Reply
from .hostile import HOSTILE, Hostile

ROOT = Path(__file__).resolve().parents[2]
TIERS = ("free", "free", "free", "free", "plus", "plus", "own")  # one after another

HONEST = """
import json
found = []
try:
    found.append(left)
except NameError:
    left = secret
if hasattr(json, "left"):
    found.append(json.left)
json.left = json.dumps = secret
before = call_tool("get", {"name": "secret"})
call_tool("put", {"name": "secret", "text": secret})
for n in range(3):
    print(secret, n)
total = sum(n * number for n in range(100))
return {"found": found, "before": before, "note": call_tool("get", {"name": "secret"}), "total": total}
"""


@dataclass
class Tally:
    """What came of the requests; each of the lists is of complaints but for the seconds."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {tier: [] for tier in TIERS})
    wrong: list[str] = field(default_factory=list)
    again: int = 0
    began: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """One tenant and what it asks for."""

    number: int
    tier: str
    hostile: Hostile | None

    @property
    def name(self) -> str:
        return f"{self.hostile.name if self.hostile else 'honest'} {self.tier} {self.number}"


def requests(count: int, seed: int) -> list[Request]:
    """The requests in random order, each tenth hostile, all kinds of harm about equally often."""
    made = []
    kinds: dict[str, Iterator[Hostile]] = {
        # those first that only few classes can do
        tier: itertools.cycle(sorted((e for e in HOSTILE if tier in e.codes), key=lambda e: len(e.codes)))
        for tier in TIERS
    }
    for number in range(count):
        tier = TIERS[(number // 10 if number % 10 == 0 else number) % len(TIERS)]
        made.append(Request(number, tier, next(kinds[tier]) if number % 10 == 0 else None))
    random.Random(seed).shuffle(made)
    return made


class Load:
    """Sends the requests and judges the answers."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.tally = Tally()

    def send(self, request: Request) -> None:
        """One request, until it is answered for good."""
        client = Client(self._address, f"key {request.number}")
        while True:
            begin = time.monotonic()
            try:
                reply = self._once(client, request)
            except (OSError, ValueError) as error:
                self.tally.wrong.append(f"{request.name}: no answer: {error!r}")
                return
            if reply is None or reply.status not in {429, 503}:
                break
            self.tally.again += 1
            time.sleep(float(reply.headers["retry-after"]))
        if request.hostile is None:
            self.tally.seconds[request.tier].append(time.monotonic() - begin)
        self._judge(request, reply)

    def _once(self, client: Client, request: Request) -> Reply | None:
        """The answer; None to one that did not wait for it."""
        hostile = request.hostile
        asked: dict[str, Any] = {}
        if hostile is None:
            asked["inputs"] = {"secret": f"secret of {request.number}", "number": request.number}
        elif hostile.seconds is not None:
            asked["timeout"] = hostile.seconds
        code = HONEST if hostile is None else hostile.code
        if request.number % 2 and hostile is None:
            return client.run(code, **asked)
        try:
            with client.stream(code, **asked) as events:
                return self._read(events, leave=hostile is not None and hostile.leaves)
        except NotBegunError as error:
            return error.reply

    @staticmethod
    def _read(events: Iterator[dict[str, Any]], *, leave: bool) -> Reply | None:
        text = ""
        for event in events:
            if event["type"] == "end":
                return Reply(event["status"], {**event, "text": text}, {})
            if event["type"] == "output":
                text += event["text"]
                if leave:
                    return None
        raise ValueError("the stream ended before the run did")

    def _judge(self, request: Request, reply: Reply | None) -> None:
        tally, hostile = self.tally, request.hostile
        if reply is None:
            tally.outcomes["(went)"] += 1
            tally.began += 1
            return
        tally.outcomes[reply.code or "success"] += 1
        tally.began += "stats" in reply.body
        if hostile is not None:
            if reply.code not in hostile.codes[request.tier]:
                tally.wrong.append(f"{request.name}: {json.dumps(reply.body)[:300]}")
            return
        secret = f"secret of {request.number}"
        value = {"found": [], "before": None, "note": secret, "total": 4950 * request.number}
        text = "".join(f"{secret} {n}\n" for n in range(3))
        if reply.body.get("value") != value or reply.body.get("text", text) != text:
            tally.wrong.append(f"{request.name}: {json.dumps(reply.body)[:300]}")


@contextmanager
def service(tenants: dict[str, Any]) -> Iterator[str]:
    """The service in a process of its own, and its address."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys.json"
        keys.write_text(json.dumps(tenants), encoding="utf-8")
        command = [sys.executable, "-m", "examples.web", "--port", "0", "--keys", keys]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                yield process.stdout.readline().strip()
            finally:
                process.terminate()


def until_idle(operator: Client) -> None:
    """Wait until nothing runs: what was asked by those who went has ended, too."""
    with operator.asked("GET", "/live") as response:
        for line in response:
            if not json.loads(line)["runs"]:
                return


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m examples.web.load", description=__doc__.split("\n")[0])
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--at-once", type=int, default=64, help="requests under way at a time")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    asked = requests(options.requests, options.seed)
    tenants: dict[str, Any] = {
        f"key {each.number}": {"name": f"tenant {each.number}", "tier": each.tier} for each in asked
    }
    for tier in set(TIERS):
        tenants[f"operator {tier}"] = {"name": f"operator {tier}", "tier": tier, "operator": True}
    with service(tenants) as address:
        load = Load(address)
        begin = time.monotonic()
        with ThreadPoolExecutor(options.at_once) as threads:
            for _ in threads.map(load.send, asked):
                pass
        elapsed = time.monotonic() - begin
        for tier in set(TIERS):
            until_idle(Client(address, f"operator {tier}"))
        pools = Client(address, "operator free").ask("GET", "/stats").body["pools"]
    return report(load.tally, pools, options.requests, elapsed)


def report(tally: Tally, pools: dict[str, Any], count: int, elapsed: float) -> int:
    """Print the figures; 0 if all is as it should be."""
    print(f"{count} requests in {elapsed:.2f} s, {count / elapsed:.0f} a second")
    print(f"told to come again: {tally.again}")
    for tier, seconds in tally.seconds.items():
        if seconds:
            seconds.sort()
            middle, most = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
            print(
                f"honest {tier:5} {len(seconds):5}   median {middle * 1e3:7.1f} ms   "
                f"99% {most * 1e3:7.1f} ms   longest {seconds[-1] * 1e3:7.1f} ms"
            )
    for outcome, times in sorted(tally.outcomes.items()):
        print(f"{outcome:24} {times:5}")
    for name in ("total_executions", "timeout_executions", "memory_kills", "forced_terminations"):
        print(f"{name:24} {sum(pool[name] for pool in pools.values()):5}")
    for name in ("contained_crashes", "worker_recycles", "condemned_slots"):
        print(f"{name:24} {sum(pool[name] for pool in pools.values()):5}")
    executions = sum(pool["total_executions"] for pool in pools.values())
    lost = count - sum(tally.outcomes.values())
    print(f"lost: {lost}, affected or wrong: {len(tally.wrong)}")
    print(*tally.wrong, sep="\n", end="\n" if tally.wrong else "")
    if executions != tally.began:
        print(f"the pools counted {executions} executions, the clients {tally.began}")
    return 1 if lost or tally.wrong or executions != tally.began else 0


if __name__ == "__main__":
    sys.exit(main())
