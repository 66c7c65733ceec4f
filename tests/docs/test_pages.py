"""Every code block of the documentation is run, or says where a reader does not see it why not (`blocks`)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, read

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Pages without a block have nothing to run.
WITH_BLOCKS = [name for name in PAGES if read(name).blocks]


def test_the_pages_are_found() -> None:
    assert {"README.md", "docs/quickstart.md", "docs/executor.md"} <= set(WITH_BLOCKS)


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_page(name: str) -> None:
    """Its programs run, and print what the page says."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(HERE / "running.py"), name],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            output, _ = child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)  # what a block of shell started as well
            raise
    if child.returncode != 0 or output:
        pytest.fail(f"{name} ended with {child.returncode}:\n{output}", pytrace=False)


@pytest.mark.parametrize("name", PAGES)
def test_links_between_files(name: str) -> None:
    """A link from one file to another leads somewhere, in the repository as on the site."""
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    missing = [link for link in links if not ((ROOT / name).parent / link).exists()]
    assert not missing
