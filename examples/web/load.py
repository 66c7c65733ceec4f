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
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from .client import Client, NotBegunError, Reply
from .hostile import HOSTILE, Hostile

ROOT = Path(__file__).resolve().parents[2]
TIERS = ("free", "free", "free", "free", "plus", "plus", "own")  # one after another

FIGURES = (
    "timeout_executions",
    "memory_kills",
    "forced_terminations",
    "contained_crashes",
    "worker_recycles",
    "condemned_slots",
)
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


@dataclass(frozen=True, slots=True)
class Request:
    """One tenant and what it asks for."""

    number: int
    tier: str
    hostile: Hostile | None

    @property
    def name(self) -> str:
        return f"{self.hostile.name if self.hostile else 'honest'} {self.tier} {self.number}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: its last reply, or None if it did not wait for one, or what went wrong."""

    request: Request
    reply: Reply | None
    seconds: float
    again: int
    wrong: str | None


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

    def send(self, request: Request) -> Outcome:
        """One request, until it is answered for good."""
        client = Client(self._address, f"key {request.number}")
        begin = time.monotonic()
        for again in itertools.count():
            wrong = None
            try:
                reply = self._once(client, request)
            except (OSError, ValueError, HTTPException) as error:
                reply, wrong = None, f"no answer: {error!r}"
            if reply is not None and reply.status in {429, 503}:
                time.sleep(reply.body["error"]["retry_after"])
                continue
            wrong = wrong or _judged(request, reply)
            return Outcome(request, reply, time.monotonic() - begin, again, wrong)
        raise AssertionError

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


def _judged(request: Request, reply: Reply | None) -> str | None:
    """What is wrong with a reply."""
    if request.hostile is not None:
        right = request.hostile.leaves if reply is None else reply.code in request.hostile.codes[request.tier]
    else:
        secret = f"secret of {request.number}"
        value = {"found": [], "before": None, "note": secret, "total": 4950 * request.number}
        text = "".join(f"{secret} {n}\n" for n in range(3))
        right = (
            reply is not None and reply.body.get("value") == value and reply.body.get("text", text) == text
        )
    return None if right else json.dumps(reply and reply.body)[:300]


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
            outcomes = list(threads.map(load.send, asked))
        elapsed = time.monotonic() - begin
        for tier in set(TIERS):
            until_idle(Client(address, f"operator {tier}"))
        pools = Client(address, "operator free").ask("GET", "/stats").body["pools"]
    return report(outcomes, pools, elapsed)


def report(outcomes: list[Outcome], pools: dict[str, Any], elapsed: float) -> int:
    """Print the figures; 0 if all is as it should be."""
    print(f"{len(outcomes)} requests in {elapsed:.2f} s, {len(outcomes) / elapsed:.0f} a second")
    print(f"told to come again: {sum(each.again for each in outcomes)}")
    for tier in dict.fromkeys(TIERS):
        seconds = sorted(e.seconds for e in outcomes if e.request.hostile is None and e.request.tier == tier)
        if seconds:
            middle, most = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
            print(
                f"honest {tier:5} {len(seconds):5}   median {middle * 1e3:7.1f} ms   "
                f"99% {most * 1e3:7.1f} ms   longest {seconds[-1] * 1e3:7.1f} ms"
            )
    codes = Counter("(went)" if e.reply is None else e.reply.code or "success" for e in outcomes)
    for code, times in sorted(codes.items()):
        print(f"{code:24} {times:5}")
    for name in FIGURES:
        print(f"{name:24} {sum(pool[name] for pool in pools.values()):5}")
    wrong = [f"{each.request.name}: {each.wrong}" for each in outcomes if each.wrong is not None]
    print(f"lost, affected or wrong: {len(wrong)}")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    # What came to a worker has told of itself, or went after it had been seen to begin.
    began = sum(each.reply is None or "stats" in each.reply.body for each in outcomes)
    executions = sum(pool["total_executions"] for pool in pools.values())
    print(f"executions by the clients' count: {began}, by the pools': {executions}")
    return 1 if wrong or executions != began else 0


if __name__ == "__main__":
    sys.exit(main())
