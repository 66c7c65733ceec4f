"""Where an executor is known not to do what the suite asks; each entry has to fail, or it has to go from here.

`EnclaveExecutor` does all that *process* does, but for the entries with its name.
"""

from __future__ import annotations

import sys
from typing import Any, Final, NamedTuple

ALWAYS: Final = (3, 0)
NEVER: Final = (4, 0)


class Difference(NamedTuple):
    executor: str
    reason: str
    tests: tuple[str, ...]  # `test_name`, or `test_name[parameters]`
    since: tuple[int, int] = ALWAYS  # from this version of Python on
    until: tuple[int, int] = NEVER  # and before this one

    def concerns(self, name: str) -> bool:
        """`name` as `name_of` gives it."""
        here = self.since <= sys.version_info[:2] < self.until
        return here and (name in self.tests or name.partition("[")[0] in self.tests)


def name_of(item: Any) -> str:
    """The test's name with its parameters, but for the executor's."""
    name: str = item.originalname
    kind = item.callspec.params["kind"]
    parameters = item.name[len(name) + 1 : -1]
    rest = parameters.removeprefix(kind) if parameters.startswith(kind) else parameters.removesuffix(kind)
    rest = rest.strip("-")
    return f"{name}[{rest}]" if rest else name


DIFFERENCES: Final[tuple[Difference, ...]] = ()
