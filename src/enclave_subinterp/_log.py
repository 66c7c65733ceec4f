"""The package's loggers; `logging` takes as long to import as all of the pool, and waits for something to say."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["Log"]


class Log:
    """Stands for ``logging.getLogger(name)``."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def detailed(self) -> bool:
        """Whether somebody listens to what is for debugging; without having imported `logging` nobody can."""
        logging = sys.modules.get("logging")
        return logging is not None and logging.getLogger(self._name).isEnabledFor(logging.DEBUG)

    def __getattr__(self, attribute: str) -> Any:
        try:
            import logging
        except ImportError:  # too late in the exit of the process
            return _say_nothing
        return getattr(logging.getLogger(self._name), attribute)


def _say_nothing(*_args: object, **_options: object) -> None:
    pass
