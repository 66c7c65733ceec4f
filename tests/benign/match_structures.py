# what: matching of nested data and classes
# strict: yes
from dataclasses import dataclass


@dataclass
class Circle:
    r: float


@dataclass
class Rect:
    w: float
    h: float


def area(s):
    match s:
        case Circle(r=0) | Rect(w=0) | Rect(h=0):
            return 0
        case Circle(r):
            return round(3.14159 * r * r, 2)
        case Rect(w, h):
            return w * h
        case {"shapes": [*parts], **rest}:
            return sum(map(area, parts)) * rest.get("times", 1)
        case int() | float() as n:
            return n
        case _:
            raise TypeError(s)


area({"shapes": [Circle(1), Rect(2, 3), Circle(0), {"shapes": [5]}], "times": 2})
