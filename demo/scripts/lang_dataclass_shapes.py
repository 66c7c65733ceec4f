# title: Shapes: data classes, properties, protocols, total order
# kind: llm
import math
from dataclasses import astuple, dataclass, replace
from functools import total_ordering
from typing import Protocol


class Shape(Protocol):
    @property
    def area(self) -> float: ...


@total_ordering
class ByArea:
    def __eq__(self, other):
        return self.area == other.area

    def __lt__(self, other):
        return self.area < other.area


@dataclass(frozen=True, eq=False)
class Circle(ByArea):
    radius: float

    @property
    def area(self) -> float:
        return math.pi * self.radius**2


@dataclass(frozen=True, eq=False)
class Box(ByArea):
    width: float
    height: float = 1.0

    def __post_init__(self):
        if self.width <= 0:
            raise ValueError(f"a width of {self.width}")

    @property
    def area(self) -> float:
        return self.width * self.height


shapes: list[Shape] = [Circle(1), Box(3), Box(2, 2), replace(Circle(1), radius=0.5)]
for shape in sorted(shapes):
    print(f"{shape!s:30} {shape.area:.4f}")
try:
    Box(-1)
except ValueError as error:
    refused = str(error)
[(type(s).__name__, astuple(s), round(s.area, 9)) for s in sorted(shapes, reverse=True)], refused
