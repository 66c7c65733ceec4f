"""The pool: which script is served by which worker, and when.

    run / submit --> Pool -- idle worker --> Worker.run on the caller's or a driver's thread
                      |
                      +-- none idle, fewer than max_workers --> a new worker, for this script
                      +-- else --> queue (first in, first out); a worker that comes back goes to its head

It knows workers only through the protocol of `_adapters`.
"""

from __future__ import annotations

from .handle import RunHandle
from .pool import Pool
from .ticket import Ticket

__all__ = ["Pool", "RunHandle", "Ticket"]
