# title: "How long is a marathon in furlongs?" by a graph of units
# kind: llm
from collections import deque
from fractions import Fraction

UNITS = [
    ("km", "m", 1000),
    ("mile", "yard", 1760),
    ("yard", "m", Fraction(9144, 10000)),
    ("furlong", "yard", 220),
    ("yard", "foot", 3),
    ("foot", "inch", 12),
    ("day", "hour", 24),
    ("hour", "minute", 60),
]
graph = {}
for big, small, factor in UNITS:
    graph.setdefault(big, {})[small] = Fraction(factor)
    graph.setdefault(small, {})[big] = 1 / Fraction(factor)


def convert(amount, start, goal):
    todo, seen = deque([(start, Fraction(amount))]), {start}
    while todo:
        unit, value = todo.popleft()
        if unit == goal:
            return value
        for other, factor in graph.get(unit, {}).items():
            if other not in seen:
                seen.add(other)
                todo.append((other, value * factor))
    return None


questions = [("42.195", "km", "furlong"), (1, "mile", "inch"), ("2.5", "day", "minute"), (3, "km", "hour")]
answers = []
for amount, start, goal in questions:
    value = convert(amount, start, goal)
    answers.append(str(value) if value is not None else None)
    print(f"{amount} {start} = {'no way' if value is None else f'{float(value):.6f}'} {goal}")
answers
