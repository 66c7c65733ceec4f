"""Who may run what: the classes of tenants, and the tenants themselves."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from enclave_subinterp import SecurityLevel, WorkerPoolConfig

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tier:
    """A class of tenants, with a pool of its own: what one class does never takes a worker from another.

    Attributes:
        runs_at_once: runs that one tenant may have under way, so that nobody fills the queue alone.
    """

    name: str
    level: SecurityLevel
    runs_at_once: int

    @property
    def pool(self) -> WorkerPoolConfig:
        """The preset of the level, with what variables such as ENCLAVE_FREE_MAX_WORKERS say otherwise.

        A value becomes JSON on the loop's thread, so none may be large.
        """
        preset = self.level.pool_config
        base = dataclasses.replace(preset, max_message_size=min(preset.max_message_size, 1 * MB))
        return WorkerPoolConfig.from_env(f"ENCLAVE_{self.name.upper()}_", base=base)


TIERS: Mapping[str, Tier] = {
    tier.name: tier
    for tier in (
        Tier("free", SecurityLevel.STRICT, 2),
        Tier("plus", SecurityLevel.SECURE, 4),
        Tier("own", SecurityLevel.STANDARD, 8),
        Tier("staff", SecurityLevel.PERMISSIVE, 16),
    )
}


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who asks.  An operator sees the pool and may end the runs of others in it."""

    name: str
    tier: Tier
    operator: bool = False


class Tenants:
    """The tenants by their keys, of which only digests are kept."""

    def __init__(self) -> None:
        self._tenants: dict[bytes, Tenant] = {}

    def add(self, key: str, tenant: Tenant) -> None:
        self._tenants[_digest(key)] = tenant

    def load(self, file: Path) -> None:
        """Add those of a file: ``{"key": {"name": ..., "tier": ..., "operator": false}}``."""
        for key, entry in json.loads(file.read_text(encoding="utf-8")).items():
            self.add(key, Tenant(entry["name"], TIERS[entry["tier"]], entry.get("operator", False)))

    def find(self, authorization: str) -> Tenant | None:
        """The tenant of an ``Authorization: Bearer`` header."""
        scheme, _, key = authorization.partition(" ")
        return self._tenants.get(_digest(key)) if scheme.lower() == "bearer" else None


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
