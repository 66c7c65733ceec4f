# what: typed dictionaries and named tuples
# strict: yes
from typing import NamedTuple, TypedDict, Literal, get_args, get_type_hints


class Movie(TypedDict, total=False):
    title: str
    year: int


class Point(NamedTuple):
    x: int
    y: int = 7


m: Movie = {"title": "Alien", "year": 1979}
p = Point(3)
print(p, p._replace(x=5), Point._fields)
(m["year"], get_args(Literal["a", "b"]), {k: v.__name__ for k, v in get_type_hints(Movie).items()}, p._asdict())
