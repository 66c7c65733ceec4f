"""A language model that works by writing Python: its code runs in an enclave, and what came of it is told to the model.

    python examples/llm_loop.py

The model's answers are recorded (llm_recording.json), so nothing is asked over a network; in the place of `Recorded`
stands any function from the messages so far to the next answer.  A recording fits only as long as the model is told
what it was told then: errors, output and values, to the letter.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enclave_subinterp import Enclave, RunResult, Session

TASK = (
    "Order what the shop is short of: of every product there are to be at least 20. Answer with one block of Python to"
    " have it run (variables stay; tools: call_tool(name, args) and await acall_tool(name, args) with products(),"
    " stock(product), order(product, count)), or without any to finish."
)
MAX_TURNS = 8
MAX_TOLD = 2_000  # characters of a run's outcome

type Message = dict[str, str]
type Model = Callable[[list[Message]], str]


class Shop:
    """The tools; what the model's code wants is checked here, for it is a stranger's."""

    def __init__(self) -> None:
        self.in_stock = {"apple": 31, "fig": 4, "pear": 12, "plum": 20}
        self.orders: dict[str, int] = {}

    def call(self, tool: str, args: dict[str, Any]) -> Any:
        """The handler of the enclave: an exception in it is a ToolError in the script."""
        match tool, args:
            case "products", {}:
                return sorted(self.in_stock)
            case "stock", {"product": str(product)} if product in self.in_stock:
                return self.in_stock[product]
            case "order", {"product": str(product), "count": int(count)} if product in self.in_stock:
                if not 0 < count <= 50:
                    raise ValueError(f"an order is of 1 to 50, not of {count}")
                self.orders[product] = self.orders.get(product, 0) + count
                return f"{count} of {product} are ordered"
        raise LookupError(f"there is no {tool}({', '.join(map(str, args))}) for that")


class Recorded:
    """A model whose answers were recorded."""

    def __init__(self, file: Path) -> None:
        self._turns = iter(json.loads(file.read_text(encoding="utf-8")))

    def __call__(self, messages: list[Message]) -> str:
        turn = next(self._turns)
        if turn["told"] != messages[-1]["text"]:
            raise LookupError(f"the recording goes on from {turn['told']!r}, not {messages[-1]['text']!r}")
        answer: str = turn["answer"]
        return answer


def code_in(answer: str) -> str | None:
    """The block of Python in an answer."""
    found = re.search(r"```python\n(.*?)```", answer, re.DOTALL)
    return found and found[1]


def outcome(result: RunResult) -> str:
    """What the model is told of a run: enough to do better, and no more than a bounded piece of text."""
    parts = [("printed", result.stdout)] if result.stdout else []
    if result.error is None:
        parts.append(("value", repr(result.value)))
    else:
        parts.append((result.error.code.value, result.error.stack or result.error.message))
    told = "\n".join(f"{title}: {text.rstrip()}" for title, text in parts)
    return told if len(told) <= MAX_TOLD else f"{told[:MAX_TOLD]} ... (cut off)"


def converse(model: Model, session: Session, task: str) -> list[Message]:
    """Talk until the model answers without code, or for `MAX_TURNS`."""
    messages = [{"from": "user", "text": task}]
    for _ in range(MAX_TURNS):
        answer = model(messages)
        messages.append({"from": "model", "text": answer})
        code = code_in(answer)
        if code is None:
            return messages
        messages.append({"from": "enclave", "text": outcome(session.run(code))})
    raise TimeoutError(f"the model did not finish within {MAX_TURNS} turns")


def main() -> None:
    shop = Shop()
    model = Recorded(Path(__file__).with_name("llm_recording.json"))
    with (
        Enclave(security_level="SECURE", tool_handler=shop.call, timeout=5.0) as enclave,
        enclave.session() as session,
    ):
        for message in converse(model, session, TASK):
            print(f"--- {message['from']}\n{message['text']}")
    print("--- ordered:", shop.orders)


if __name__ == "__main__":
    main()
