# what: frozen dataclasses in sets and in order
# strict: yes
from dataclasses import dataclass, FrozenInstanceError


@dataclass(frozen=True, order=True, slots=True)
class Point:
    x: int
    y: int = 0


points = {Point(2, 1), Point(1, 5), Point(2, 1), Point(0)}
try:
    Point(1).x = 2
except FrozenInstanceError as e:
    print("frozen:", e)
[(p.x, p.y) for p in sorted(points)]
