# what: overloads, casts and type variables
# strict: yes
from typing import Any, Callable, Final, Iterable, TypeVar, cast, overload

T = TypeVar("T")
LIMIT: Final = 3


@overload
def double(x: int) -> int: ...
@overload
def double(x: str) -> str: ...
def double(x: Any) -> Any:
    return x * 2


def apply(f: Callable[[T], T], items: Iterable[T]) -> list[T]:
    return [f(i) for i in items][:LIMIT]


apply(double, [1, 2, 3, 4]) + apply(double, cast(Any, ["a"]))
