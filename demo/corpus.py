"""The demonstration's real data: the text and the source of the very Python that runs it.

Found through ``sysconfig`` and the import system, so that a Python built from source and one packaged by a
distribution both serve.  The host reads it; scripts get it as globals or through the tools, never from a file.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import io
import json
import site
import sys
import sysconfig
from collections.abc import Callable, Iterable
from functools import cache
from importlib.abc import InspectLoader
from pathlib import Path

from .catalog import DataRequest, Script

# Modules that every supported version has as Python source; only these are handed out.
MODULES = (
    "argparse", "ast", "base64", "bisect", "calendar", "cmd", "collections", "colorsys", "configparser",
    "contextlib", "copy", "csv", "dataclasses", "difflib", "dis", "email.header", "email.message",
    "email.utils", "enum", "filecmp", "fnmatch", "fractions", "functools", "graphlib", "hashlib", "heapq",
    "html.parser", "http.cookies", "inspect", "ipaddress", "json.decoder", "json.encoder", "json.scanner",
    "keyword", "logging", "mailbox", "numbers", "operator", "optparse", "pprint", "queue", "quopri", "random",
    "reprlib", "sched", "secrets", "shlex", "smtplib", "statistics", "string", "textwrap", "threading",
    "timeit", "tokenize", "tomllib", "traceback", "types", "typing", "urllib.parse", "urllib.robotparser",
    "uuid", "wave", "weakref", "xml.dom.minidom", "zipfile",
)  # fmt: skip


@cache
def topics() -> dict[str, str]:
    """The texts of ``help()``'s topics by name; the language reference, some half a megabyte."""
    # By name: the module has no type stubs on every version.
    module = importlib.import_module("pydoc_data.topics")
    texts: dict[str, str] = module.topics
    return {name: texts[name] for name in sorted(texts)}


def topic(name: str) -> str:
    """One topic; KeyError if there is none of that name."""
    return topics()[name]


@cache
def source(module: str) -> str:
    """The source text of one of `MODULES`; KeyError for any other."""
    if module not in MODULES:
        raise KeyError(f"no source is offered of module {module!r}")
    spec = importlib.util.find_spec(module)
    if spec is not None and isinstance(spec.loader, InspectLoader):
        text = spec.loader.get_source(module)
        if text:
            return text
    # Modules frozen into the interpreter have no loader with source; their file is beside the others.
    stem = Path(sysconfig.get_path("stdlib"), *module.split("."))
    file = stem.with_suffix(".py")
    return (file if file.exists() else stem / "__init__.py").read_text(encoding="utf-8")


def sources(names: str) -> dict[str, str]:
    """Several sources by name, ``names`` parted by commas; all of `MODULES` without names."""
    wanted = [name.strip() for name in names.split(",")] if names else list(MODULES)
    return {name: source(name) for name in wanted}


@cache
def license_text() -> str:
    """Python's licence; a distribution may leave the file out, then the reference manual's text on classes."""
    places = [Path(sysconfig.get_path("stdlib")), Path(site.__file__).parent, Path(sys.base_prefix)]
    for place in places:
        for name in ("LICENSE.txt", "LICENSE"):
            file = place / name
            if file.is_file():
                return file.read_text(encoding="utf-8")
    return topic("class") + topic("objects") + topic("execmodel")


@cache
def modules_csv() -> str:
    """A table of the offered modules as CSV: name, package, bytes, lines, functions, classes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["module", "package", "bytes", "lines", "functions", "classes"])
    for name in MODULES:
        text = source(name)
        lines = text.splitlines()
        functions = sum(line.lstrip().startswith(("def ", "async def ")) for line in lines)
        classes = sum(line.lstrip().startswith("class ") for line in lines)
        package = name.rpartition(".")[0] or "-"
        writer.writerow([name, package, len(text.encode()), len(lines), functions, classes])
    return out.getvalue()


@cache
def topics_json() -> str:
    """The topics as JSON records: name, title, characters, paragraphs, and the other topics that they name."""
    names = sorted(topics())
    records = []
    for name in names:
        text = topic(name)
        title = text.strip().splitlines()[0]
        words = set(text.split())
        mentions = [other for other in names if other != name and other in words]
        paragraphs = text.count("\n\n")
        records.append({
            "name": name, "title": title, "size": {"characters": len(text), "paragraphs": paragraphs},
            "mentions": mentions,
        })  # fmt: skip
    return json.dumps(records, indent=1)


_SOURCES: dict[str, Callable[[str], object]] = {
    "topics": lambda _: topics(),
    "topic": topic,
    "source": source,
    "sources": sources,
    "license": lambda _: license_text(),
    "modules_csv": lambda _: modules_csv(),
    "topics_json": lambda _: topics_json(),
}


def resolve(requests: tuple[DataRequest, ...]) -> dict[str, object]:
    """The globals that a script asks for; KeyError for data that is not offered."""
    return {request.name: _SOURCES[request.what](request.argument) for request in requests}


def warm_up(scripts: Iterable[Script]) -> None:
    """Read all that the scripts ask for: no run is to wait for a file, and memory is taken before it is measured."""
    for script in scripts:
        resolve(script.data)
