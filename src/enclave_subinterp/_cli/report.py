"""What a script did wrong, for people: where, with its line, and what to do."""

from __future__ import annotations

import unicodedata

from ..result import ErrorCode, ErrorInfo

__all__ = ["explain"]

_MARK = '  File "<enclave>", line '
_FINDINGS = 10  # shown at a time


def explain(error: ErrorInfo, source: str, name: str) -> str:
    """The lines to show; `name` is what the script is called."""
    findings = _findings(error)
    if error.code is ErrorCode.VALIDATION_ERROR and findings:
        parts = [_place(finding, source, name) for finding in findings[:_FINDINGS]]
        if len(findings) > _FINDINGS:
            parts.append(f"... and {len(findings) - _FINDINGS} more")
        return "\n".join([*parts, error.code.value])
    if error.stack is not None:
        stack = error.stack.rstrip("\n").replace(_MARK, f'  File "{name}", line ')
        return f"{stack}\n{error.code.value}"
    return f"{error.code.value}: {error.name}: {error.message}"


def _findings(error: ErrorInfo) -> list[dict[str, object]]:
    """What the check of the source found, each with its place; empty where there is none."""
    data = error.data or {}
    found = data.get("findings")
    if isinstance(found, list) and found:
        return [finding for finding in found if isinstance(finding, dict)]
    if isinstance(data.get("line"), int):
        message = error.message.replace(f" (<enclave>, line {data['line']})", "")
        return [{"line": data["line"], "column": data.get("column"), "message": f"{error.name}: {message}"}]
    return []


def _place(finding: dict[str, object], source: str, name: str) -> str:
    line, column = finding.get("line"), finding.get("column")
    message = str(finding.get("message", ""))
    where = [str(number) for number in (line, column) if isinstance(number, int)]
    rows = [":".join([name, *where]) + f": {message}"]
    lines = source.splitlines()
    if isinstance(line, int) and 0 < line <= len(lines):
        text = lines[line - 1]
        rows.append(f"    {text}")
        if isinstance(column, int) and 0 < column <= len(text) + 1:
            rows.append(f"    {_blank(text[: column - 1])}^")
    if finding.get("suggestion"):
        rows.append(f"  instead: {finding['suggestion']}")
    return "\n".join(rows)


def _blank(text: str) -> str:
    """As wide as the text on a terminal: a caret under wide and tabbed text stands where it should."""
    return "".join(
        "\t"
        if char == "\t"
        else ""
        if unicodedata.combining(char)
        else "  "
        if unicodedata.east_asian_width(char) in "WF"
        else " "
        for char in text
    )
