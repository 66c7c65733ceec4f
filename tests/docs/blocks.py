"""The code blocks of a page of the documentation, and what its author says of them where a reader does not look.

Directives are HTML comments on lines of their own right before a block, or anywhere where they concern none:

    <!-- not run: REASON -->        the block is no program that can be run here
    <!-- own program -->            the block is a file of its own, run as ``python FILE``
    <!-- file NAME -->              the block is the content of a file that others on the page use
    <!-- python 3.14 -->            the block needs this version or a later one
    <!-- exit CODE -->              a block of shell ends with this code; otherwise none of its commands fails
    <!-- hidden file NAME           a file that the page's programs need, not shown
    ...
    -->

A block of ``text`` without a directive is what the program before it prints; ``...`` in it stands for any text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Every page that a reader of the site or of the repository sees.
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").rglob("*.md"),
    )
)

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w+-]*)[^`\n]*$")
_DIRECTIVE = re.compile(r"^<!-- (?P<word>not run:|own program|file|python|exit)(?: (?P<rest>.*))? -->$")
_HIDDEN = re.compile(r"^<!-- hidden file (?P<name>\S+)$")


@dataclass
class Block:
    """A block between fences."""

    language: str
    line: int  # of its first line in the page, from 1
    text: str = ""
    directives: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """What a page has."""

    blocks: list[Block] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


def read(name: str) -> Page:
    """The blocks of a page and its hidden files.

    Raises:
        ValueError: a fence or a comment is not closed, or a directive stands before no block.
    """
    page = Page()
    directives: dict[str, str] = {}
    lines = enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
    for number, line in lines:
        if directive := _DIRECTIVE.match(line):
            directives[directive["word"]] = directive["rest"] or ""
        elif hidden := _HIDDEN.match(line):
            page.files[hidden["name"]] = "".join(_until("-->", "", lines, f"{name}:{number}"))
        elif fence := _FENCE.match(line):
            body = _until("```", fence["indent"], lines, f"{name}:{number}")
            page.blocks.append(Block(fence["language"], number + 1, "".join(body), directives))
            directives = {}
        elif line.strip() and directives:
            raise ValueError(f"{name}:{number}: a directive stands before no block: {directives}")
    return page


def _until(end: str, indent: str, lines: enumerate[str], where: str) -> list[str]:
    found = []
    for _, line in lines:
        if line.strip() == end:
            return found
        found.append(line.removeprefix(indent) + "\n")
    raise ValueError(f"{where}: no {end} after this")
