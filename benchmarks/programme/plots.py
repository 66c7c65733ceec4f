"""A run's figures as plots: SVG that can be read on a light page and on a dark one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.programme import ways
from benchmarks.programme.calls import CARRY, FUTEX, MEMCPY
from benchmarks.programme.tables import ordered

# Of a middle lightness, so that they stand off white and off black; the ground is left out.
INK: Final = "#808890"
OURS: Final = {ways.KEPT: "#2f9e5f", ways.PRISTINE: "#1f8fd6", ways.IDLE: "#5b8def", ways.EXECUTOR: "#12a5a5"}
PEERS: Final = ("#d9822b", "#c2569b", "#b08a1e", "#8a6fd1", "#d0525a", "#7d8f3a", "#9a7b5f", "#5f8f9a")
FLOORS: Final = (FUTEX, MEMCPY, CARRY)


@contextmanager
def _axes(path: Path, title: str, x: str, y: str) -> Iterator[Any]:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    # The same figures are to give the same file.
    style: dict[Any, Any] = {
        "svg.hashsalt": path.name,
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "text.color": INK,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
    }
    with mpl.rc_context(style):
        figure, axes = pyplot.subplots(figsize=(8, 4.2), layout="constrained")
        axes.set(title=title, xlabel=x, ylabel=y)
        axes.grid(visible=True, which="major", color=INK, alpha=0.25, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        try:
            yield axes
            _, labels = axes.get_legend_handles_labels()
            if labels:
                figure.legend(loc="outside right upper", frameon=False, fontsize="small")
            figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
        finally:
            pyplot.close(figure)


def _style(name: str, names: list[str]) -> dict[str, Any]:
    if name in OURS:
        return {"color": OURS[name], "linewidth": 2.2, "marker": "o", "markersize": 4}
    if name in FLOORS:
        return {"color": INK, "linewidth": 1.2, "linestyle": ":"}
    others = [each for each in names if each not in OURS and each not in FLOORS]
    color = PEERS[others.index(name) % len(PEERS)]
    return {"color": color, "linewidth": 1.2, "linestyle": "--", "marker": ".", "markersize": 5}


def _lines(axes: Any, points: dict[str, Any], scale: float) -> None:
    names = ordered({name for rows in points.values() for name in rows})
    for name in names:
        at = [(int(point), rows[name]) for point, rows in points.items() if name in rows]
        xs = [point for point, _ in at]
        axes.plot(xs, [row["median"] * scale for _, row in at], label=name, **_style(name, names))
    axes.set(xscale="log", yscale="log")


def _bars(axes: Any, rows: dict[str, Any], scale: float, shown: str, ours: Callable[[str], bool]) -> None:
    """Medians, with a whisker to the 99th percentile."""
    names = ordered(rows)[::-1]
    for place, name in enumerate(names):
        row = rows[name]
        middle, high = row["median"] * scale, row["p99"] * scale
        color = OURS.get(name, OURS[ways.PRISTINE] if ours(name) else INK)
        axes.barh(place, middle, height=0.62, color=color, alpha=0.7 if color == INK else 1.0)
        axes.plot([middle, high], [place, place], color=INK, linewidth=1)
        axes.text(middle, place + 0.42, shown.format(middle), color=INK, fontsize="x-small", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set(xscale="log")
    axes.grid(visible=False, axis="y")


def _plain_bars(axes: Any, values: dict[str, float], shown: str) -> None:
    names = list(values)[::-1]
    bars = axes.barh(names, [values[name] for name in names], height=0.62, color=OURS[ways.PRISTINE])
    axes.bar_label(bars, fmt=shown, padding=3, color=INK, fontsize="small")
    axes.margins(x=0.15)
    axes.grid(visible=False, axis="y")


# --- Which there are ------------------------------------------------------------------------------------------------


def _call(path: Path, section: dict[str, Any]) -> None:
    with _axes(
        path, "1+1 and its answer", "microseconds (bar: median, line: to the 99th percentile)", ""
    ) as axes:
        _bars(axes, section["rows"], 1e6, "{:,.1f}", lambda name: name in ways.OURS)


def _payload(path: Path, section: dict[str, Any]) -> None:
    with _axes(path, "bytes there and back", "bytes", "microseconds (median)") as axes:
        _lines(axes, section["points"], 1e6)


def _callers(path: Path, section: dict[str, Any]) -> None:
    with _axes(path, "a call on two workers", "waiting callers", "microseconds (median)") as axes:
        _lines(axes, section["points"], 1e6)


def _workers(path: Path, section: dict[str, Any]) -> None:
    with _axes(path, "tiny tasks, one a call", "workers", "tasks a second (median)") as axes:
        _lines(axes, section["points"], 1)


def _executions(path: Path, section: dict[str, Any]) -> None:
    with _axes(path, "a call of one worker", "executions of the worker", "microseconds (median)") as axes:
        _lines(axes, section["points"], 1e6)


def _start(path: Path, section: dict[str, Any]) -> None:
    rows = {**section["rows"], **{f"first result: {name}": row for name, row in section["first"].items()}}
    with _axes(path, "start", "milliseconds (bar: median, line: to the 99th percentile)", "") as axes:
        own = ("worker", *(f"first result: {name}" for name in ways.OURS))
        _bars(axes, rows, 1e3, "{:,.1f}", lambda name: name.startswith(own))


def _kill(path: Path, section: dict[str, Any]) -> None:
    rows = {}
    for key, what in (("rows", "error"), ("next", "next answer")):
        rows.update({f"{name}: {what}": row for name, row in section[key].items()})
    with _axes(path, "kill", "milliseconds (bar: median, line: to the 99th percentile)", "") as axes:
        _bars(axes, rows, 1e3, "{:,.2f}", lambda name: not name.startswith(ways.PEBBLE))


def _memory(path: Path, section: dict[str, Any]) -> None:
    with _axes(path, "memory of one that is idle", "MB", "") as axes:
        _plain_bars(axes, {name: size / (1 << 20) for name, size in section["bytes"].items()}, "{:,.1f}")


def _layers(path: Path, section: dict[str, Any]) -> None:
    """Each work's time to that with all layers."""
    with _axes(path, "what is left to pay without a layer", "share of the time with all layers", "") as axes:
        points = section["points"]
        names = list(points["start"])[::-1]
        for number, (work, rows) in enumerate(points.items()):
            shares = [rows[name]["median"] / rows["all"]["median"] for name in names]
            places = [place + (number - len(points) / 2) * 0.15 for place in range(len(names))]
            color = [*OURS.values(), *PEERS][number]
            axes.barh(places, shares, height=0.14, label=work, color=color)
        axes.set_yticks(range(len(names)), names)
        axes.axvline(1.0, color=INK, linewidth=0.8)
        axes.grid(visible=False, axis="y")


PLOTS: Final[dict[str, Callable[[Path, dict[str, Any]], None]]] = {
    "call": _call,
    "payload": _payload,
    "callers": _callers,
    "workers": _workers,
    "executions": _executions,
    "start": _start,
    "kill": _kill,
    "memory": _memory,
    "layers": _layers,
}


def draw(document: dict[str, Any], folder: Path, suffix: str) -> dict[str, Path]:
    """A file for each section that there is a plot of: `<folder>/<section>-<suffix>.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {}
    for name, plot in PLOTS.items():
        if name in document["sections"]:
            drawn[name] = folder / f"{name}-{suffix}.svg"
            plot(drawn[name], document["sections"][name])
    return drawn
