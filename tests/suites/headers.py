"""How the programs of the suites begin: comment lines ``# key: value`` that say what each is."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path


def read(path: Path, keys: Collection[str]) -> tuple[dict[str, str], str]:
    """The header's fields and the whole text.  ValueError names the file and the line that is wrong."""
    text = path.read_text(encoding="utf-8")
    fields: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        key, colon, value = line[2:].partition(":")
        if not colon or key not in keys:
            raise ValueError(f"{path}: header line {line!r}: expected one of {sorted(keys)}")
        fields[key] = value.strip()
    if not fields.get("what"):
        raise ValueError(f"{path}: no '# what:' line")
    return fields, text
