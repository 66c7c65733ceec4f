"""`make report`: docs/performance.md and its plots, from what `make bench` has written down.

The text around the figures stands in benchmarks/performance.md.in; no figure does.  For each version of CPython the
newest whole run counts: of those in build/benchmarks, and of those that an earlier report has kept beside its plots.
"""

from __future__ import annotations

import argparse
import json
import string
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from benchmarks.programme import plots, tables, targets

ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATE: Final = ROOT / "benchmarks" / "performance.md.in"
SIGNS: Final = {True: "held", False: "**missed**", None: "not measured"}


class ReportError(Exception):
    """A report cannot be made; the message says why."""


def newest(paths: Iterable[Path], *, quick: bool) -> dict[str, dict[str, Any]]:
    """By version (3.13), the newest of these runs; quick ones and parts of runs only if asked for."""
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        document = json.loads(path.read_text())
        if document.get("schema") != 1:
            raise ReportError(f"{path}: not a run that this report can read")
        if (document["quick"] or document["partial"]) and not quick:
            continue
        version = ".".join(document["machine"]["python"].split(".")[:2])
        if version not in found or found[version]["taken"] < document["taken"]:
            found[version] = document
    return dict(sorted(found.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


def write(runs: dict[str, dict[str, Any]], page: Path) -> list[Path]:
    """The page, and beside it a folder of the same name with plots and figures; what was written."""
    if not runs:
        raise ReportError("there is no whole run: `make bench` makes one for each version of CPython")
    folder = page.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    written = [page]
    drawn: dict[str, dict[str, Path]] = {}
    for version, document in runs.items():
        kept = folder / f"{version}.json"
        kept.write_text(json.dumps(document, indent=1) + "\n")
        drawn[version] = plots.draw(document, folder, version)
        written += [kept, *drawn[version].values()]
    parts = {
        "machine": _machine(runs),
        "noise": _noise(runs),
        "targets": _targets(runs),
        "tables": _tables(runs, drawn, page.parent),
        "counted": _counted(runs),
    }
    # A part that the template forgot, or one that it invents, is an error here.
    template = string.Template(TEMPLATE.read_text())
    unused = parts.keys() - set(template.get_identifiers())
    if unused:
        raise ReportError(f"{TEMPLATE.name} has no place for {', '.join(sorted(unused))}")
    page.write_text(template.substitute(parts))
    return written


# --- Parts ----------------------------------------------------------------------------------------------------------


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return "\n".join([line(head), "|---" + "|---:" * (len(head) - 1) + "|", *map(line, rows)])


def _machine(runs: dict[str, dict[str, Any]]) -> str:
    rows: dict[str, list[str]] = {}
    for document in runs.values():
        found = document["machine"]
        shared = ", two of which share a core" if found["siblings"] else ""
        cells = {
            "CPython": f"{found['python']} ({found['python_compiler']})",
            "package": found["version"],
            "processors": f"{found['processors']} × {found['processor']} ({found['architecture']}){shared}",
            "memory": f"{found['memory'] / (1 << 30):.1f} GB",
            "system": found["system"],
            "peers": ", ".join(f"{name} {version}" for name, version in found["packages"].items()) or "none",
            "rewind": found["capabilities"].get("rewind", "?"),
            "taken": document["taken"],
            "length": f"{document['seconds'] / 60:.1f} min" + (" (quick)" if document["quick"] else ""),
        }
        for name, cell in cells.items():
            rows.setdefault(name, []).append(cell)
    if all(
        len(set(cells)) == 1 for name, cells in rows.items() if name in ("processors", "memory", "system")
    ):
        head = ", ".join(rows.pop(name)[0] for name in ("processors", "memory", "system"))
        return f"{head}.\n\n" + _markdown(["", *runs], [[name, *cells] for name, cells in rows.items()])
    return _markdown(["", *runs], [[name, *cells] for name, cells in rows.items()])


def _noise(runs: dict[str, dict[str, Any]]) -> str:
    lines = []
    for version, document in runs.items():
        first, *rest = tables.noise(document) or ["Noise was not measured."]
        names = [line.strip().partition(":")[0] for line in rest]
        some = f" These: {', '.join(names)}." if 0 < len(names) < len(document["noise"]) else ""
        lines.append(f"- {version}: {first}{some}")
        lines += [f"  - The section “{name}” failed: {reason}" for name, reason in document["failed"].items()]
    return "\n".join(lines)


def _targets(runs: dict[str, dict[str, Any]]) -> str:
    judged = {version: targets.judge(document["sections"]) for version, document in runs.items()}
    rows = []
    for number, verdict in enumerate(next(iter(judged.values()))):
        cells = [f"{SIGNS[each[number].held]}: {each[number].figure}" for each in judged.values()]
        rows.append([f"{verdict.what}: {verdict.target}", *cells])
    counts = [
        f"{version}: {sum(v.held is True for v in found)} held, {sum(v.held is False for v in found)} missed,"
        f" {sum(v.held is None for v in found)} not measured here"
        for version, found in judged.items()
    ]
    return _markdown(["target", *runs], rows) + "\n\n" + "; ".join(counts) + "."


def _tables(runs: dict[str, dict[str, Any]], drawn: dict[str, dict[str, Path]], base: Path) -> str:
    """One heading a table, below it that of the newest version and its plot; the older versions' are folded away."""
    by_key: dict[str, list[tuple[str, tables.Text]]] = {}
    for version, document in runs.items():
        for table in tables.tables(document):
            by_key.setdefault(table.key, []).append((version, table))
    parts = []
    for key, found in by_key.items():
        parts.append(f"### {found[0][1].title[0].upper()}{found[0][1].title[1:]}")
        for version, table in reversed(found):
            plot = drawn[version].get(key)
            part = [f"CPython {version}:", _markdown(table.head, table.rows)]
            part += ["\n".join(f"{note}  " for note in table.notes).rstrip()] if table.notes else []
            part += (
                [f"![{table.title.replace('`', '')}, CPython {version}]({_link(plot, base)})"] if plot else []
            )
            if version != found[-1][0]:
                part = [f"<details><summary>CPython {version}</summary>", *part[1:], "</details>"]
            parts += part
    return "\n\n".join(parts)


def _link(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix()


def _counted(runs: dict[str, dict[str, Any]]) -> str:
    """What `make guard` keeps, a row a count."""
    kept = {v: d["sections"]["counted"]["rows"] for v, d in runs.items() if "counted" in d["sections"]}
    if not kept:
        return "Nothing was counted on these versions."
    parts = []
    kinds = dict.fromkeys(kind for rows in kept.values() for kind in rows)
    for kind in kinds:
        names = dict.fromkeys(name for rows in kept.values() for name in rows.get(kind, {}))
        rows = []
        for name in names:
            found = [each.get(kind, {}).get(name) for each in kept.values()]
            rows.append([name, *("-" if number is None else f"{number:,.6g}" for number in found)])
        parts.append(_markdown([kind, *kept], rows))
    return "\n\n".join(parts)


def main() -> int:
    """Read, draw, write."""
    parser = argparse.ArgumentParser(prog="make report", description=__doc__.splitlines()[0])
    parser.add_argument(
        "runs", nargs="*", type=Path, help="files that `make bench` wrote (default: the newest)"
    )
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md")
    parser.add_argument("--quick", action="store_true", help="take quick runs and parts of runs, too")
    options = parser.parse_args()
    paths = options.runs
    if not paths:
        paths = sorted((ROOT / "build" / "benchmarks").glob("*.json"))
        paths += sorted(options.page.with_suffix("").glob("*.json"))
    try:
        written = write(newest(paths, quick=options.quick), options.page)
    except ReportError as reason:
        print(f"report: {reason}", file=sys.stderr)
        return 1
    print(f"{options.page} and {len(written) - 1} files in {options.page.with_suffix('')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
