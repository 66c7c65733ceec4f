"""Initializers and tasks of test_foreign.py: what workers keep holds memory outside their range."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

kept: list[Any] = []


def keep_hashes() -> None:
    kept[:] = [h for _ in range(200) for h in (hashlib.sha256(b"x"), hmac.new(b"k", b"x", "sha256"))]


def digests() -> list[str]:
    return [h.hexdigest() for h in kept]


def change_hashes() -> None:
    for h in kept:
        h.update(b"y")
    del kept[:100]
    while True:
        pass


def keep_compressor() -> None:
    from compression import zstd

    kept[:] = [zstd.ZstdCompressor(), zstd.ZstdDecompressor()]
    kept.append(kept[0].compress(b"x" * 100_000))


def compressed() -> bytes:
    """What the compressor has come to, and its decompressor."""
    from compression import zstd

    rest: bytes = kept[0].flush()
    return zstd.decompress(kept[2] + rest)


def change_compressor() -> None:
    kept[0].compress(b"y" * 100_000)
    del kept[0]
    while True:
        pass
