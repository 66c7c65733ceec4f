# what: protocols that are checked as the program runs
# strict: yes
from typing import Protocol, runtime_checkable


@runtime_checkable
class Closeable(Protocol):
    def close(self) -> None: ...


class File:
    def close(self) -> None:
        print("closed")


def shut(things: list[object]) -> int:
    count = 0
    for thing in things:
        if isinstance(thing, Closeable):
            thing.close()
            count += 1
    return count


shut([File(), 1, File()])
