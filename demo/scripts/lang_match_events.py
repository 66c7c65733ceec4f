# title: A stream of events taken apart with match
# kind: llm
from dataclasses import dataclass


@dataclass
class Point:
    x: int
    y: int


def describe(event):
    match event:
        case {"type": "click", "at": [x, y], **rest} if not rest:
            return f"click at {x},{y}"
        case {"type": "key", "key": str(key), "mods": [*mods]}:
            return "+".join([*mods, key])
        case [Point(x=0, y=0), *others]:
            return f"a path from the origin over {len(others)} points"
        case Point(x, y) | [x, y]:
            return f"point {x}/{y}"
        case bool() | None:
            return "a flag"
        case int(n) | float(n) if n < 0:
            return "negative"
        case int() | float() as n:
            return f"number {n}"
        case str() as text if text.isidentifier():
            return f"name {text}"
        case _:
            return f"unknown {type(event).__name__}"


events = [
    {"type": "click", "at": [3, 4]},
    {"type": "click", "at": [3, 4], "button": 2},
    {"type": "key", "key": "s", "mods": ["ctrl", "shift"]},
    [Point(0, 0), Point(1, 2), Point(5, 5)],
    Point(7, 8),
    (1, 2),
    True,
    -3,
    2.5,
    "spam",
    "no name",
    b"bytes",
    {1, 2},
]
answers = [describe(event) for event in events]
print(*answers, sep="\n")
answers
