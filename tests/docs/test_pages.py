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


def run(page: str) -> tuple[int, str]:
    """The exit code and both streams of a page's programs."""
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(HERE / "running.py"), page],
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
    return child.returncode, output


@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_page(name: str) -> None:
    """Its programs run, and print what the page says."""
    code, output = run(name)
    if code != 0 or output:
        pytest.fail(f"{name} ended with {code}:\n{output}", pytrace=False)


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("```python\n1 / 0\n```", r":2: the block failed"),
        (
            "```python\nprint(1)\n```\n\n```text\n2\n```",
            r":6: the block is not what the program before it prints",
        ),
        ("```text\n2\n```", r":2: the block is the output of no program"),
        (
            "<!-- not run: it is not -->\n```python\nprint(2)\n```\n```text\n2\n```",
            r":6: .* output of no program",
        ),
        ("```sh\nexit 3\n```", r":2: the block ended with 3 instead of 0"),
        ("<!-- exit 3 -->\n```sh\ntrue\n```", r":3: the block ended with 0 instead of 3"),
        ("```js\nalert()\n```", r":2: the block is js and does not say why"),
        ("<!-- own program -->\n```python\nimport sys; sys.exit(1)\n```", r":3: the block ended with 1"),
        ("<!-- not run: nothing follows -->\ntext", r":2: a directive stands before no block"),
        ("```python\nprint(1)", r":1: no ``` after this"),
        ("```json\n{,}\n```", "JSONDecodeError"),
    ],
)
def test_what_is_wrong_is_found(page: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    code, output = run(str(tmp_path / "page.md"))
    assert code == 1
    assert re.search(complaint, output), output


@pytest.mark.parametrize("name", PAGES)
def test_links_between_files(name: str) -> None:
    """A link from one file to another leads somewhere, in the repository as on the site."""
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    missing = [link for link in links if not ((ROOT / name).parent / link).exists()]
    assert not missing
