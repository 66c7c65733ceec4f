"""The playground page, used as people use it: in a headless Chromium, by keyboard and mouse."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.examples.conftest import WAIT, Served

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

MISSING = [
    *(f"the program {name}" for name in ("chromium", "chromedriver") if shutil.which(name) is None),
    *(["the package selenium"] if importlib.util.find_spec("selenium") is None else []),
]
pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"needs {', '.join(MISSING)} (Debian: chromium, chromium-driver; the extra `examples`); not installed here",
)
FLAGS = (
    "--headless",
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,860",
)
ENDLESS = "print('begun')\nsum(iter(int, 1))"
# Pictures of the page as the tests leave it, where somebody wants to look at them.
PICTURES = os.environ.get("ENCLAVE_PLAYGROUND_PICTURES")


class Page:
    """The page as somebody sees it who sits before it."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        browser.get(address)
        self.until(lambda: self.texts("#presets span"))

    def one(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        """What is to be read there; in one look, for the page changes by itself."""
        script = (
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter(e => e.checkVisibility()).map(e => e.innerText)"
        )
        texts: list[str] = self.browser.execute_script(script, selector)
        return texts

    def text(self, selector: str) -> str:
        (text,) = self.texts(selector)
        return text

    def until(self, seen: Any) -> Any:
        from selenium.webdriver.support.wait import WebDriverWait

        return WebDriverWait(self.browser, WAIT, poll_frequency=0.05).until(lambda _: seen())

    def choose(self, preset: str) -> None:
        self.one(f"#presets input[value={preset}]").click()
        assert self.text("#limits").startswith(f"{preset}: ")

    def write(self, code: str) -> None:
        from selenium.webdriver.common.keys import Keys

        area = self.one("#code")
        area.send_keys(Keys.CONTROL, "a")
        area.send_keys(Keys.DELETE)
        self.browser.execute_script("document.execCommand('insertText', false, arguments[0])", code)

    def begin(self, code: str) -> None:
        from selenium.webdriver.common.keys import Keys

        self.write(code)
        self.one("#code").send_keys(Keys.CONTROL, Keys.ENTER)

    def run(self, code: str) -> str:
        """Run it and return what the page then says of its state."""
        self.begin(code)
        return self.ended()

    def ended(self) -> str:
        self.until(lambda: self.one("#run").is_enabled())
        return self.text("#state")

    def picture(self, name: str) -> None:
        if PICTURES:
            self.browser.save_screenshot(str(Path(PICTURES) / f"{name}.png"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = Chrome(options, Service(shutil.which("chromedriver")))
        try:
            yield driver
            complaints = [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        finally:
            driver.quit()
    # A refused run is an answer with an error's status, which the browser notes; nothing else may be there.
    assert [
        entry for entry in complaints if "the server responded with a status" not in entry["message"]
    ] == []


@pytest.fixture
def page(browser: Chrome, served: Served) -> Page:
    return Page(browser, served.address)


@pytest.mark.parametrize("preset", ["STRICT", "SECURE", "STANDARD", "PERMISSIVE"])
def test_run_at_every_preset(page: Page, preset: str) -> None:
    page.choose(preset)
    assert page.run("print('to be read')\nreturn {1: (2, 'three')}") == "ended"
    assert page.text("#output") == "to be read\n"
    assert (page.text("#outcome-name"), page.text("#value")) == ("Value", "{1: (2, 'three')}")
    assert "worker" in page.text("#figures")
    page.picture(f"run-{preset.lower()}")


def test_examples(page: Page) -> None:
    from selenium.webdriver.support.select import Select

    page.choose("STANDARD")
    page.one("#run").click()
    assert page.ended() == "ended"
    assert page.text("#value").startswith("[2, 3, 5, 7, ")
    examples = Select(page.one("#examples"))
    for name, state in (("A tool of the host", "ended"), ("A crash", "WORKER_CRASHED")):
        examples.select_by_visible_text(name)
        page.one("#run").click()
        assert page.ended() == state


def test_output_is_seen_while_the_script_runs(page: Page) -> None:
    page.choose("STANDARD")
    page.begin("""
import sys
print("early")
print("beside", file=sys.stderr)
call_tool("wait", {"name": "seen"})
print("late")
""")
    page.until(lambda: page.text("#output") == "early\nbeside\n")
    assert (page.text("#state"), "".join(page.texts("#output .stderr"))) == ("running", "beside\n")
    page.picture("running")
    page.browser.execute_script("""
        fetch("presets").then((told) => told.json()).then(([, , standard]) => fetch("run", {
            method: "POST", headers: {Authorization: "Bearer " + standard.key},
            body: JSON.stringify({code: "call_tool('put', {'name': 'seen', 'text': 'yes'})"})}))
    """)
    assert page.ended() == "ended"
    assert page.text("#output") == "early\nbeside\nlate\n"


def test_limits(page: Page) -> None:
    page.choose("STANDARD")
    assert page.run("kept = ['x' * 10**6 for _ in range(10**4)]") == "MEMORY_LIMIT_EXCEEDED"
    assert "the limit is 256.0 MB" in page.text("#value")
    page.picture("memory")
    page.choose("STRICT")
    assert page.run("for n in range(10**4): pass") == "MAX_ITERATIONS"
    page.one("#seconds").send_keys("0.3")
    assert page.run("sum(iter(int, 1))") == "TIMEOUT"
    assert page.text("#value").endswith("the limit is 300 ms")
    page.picture("timeout")


def test_kill(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.choose("STANDARD")
    # GIVEN a run without end WHEN its button among the runs is pressed THEN it has ended
    page.begin(ENDLESS)
    page.until(lambda: page.texts("#runs .kill"))
    assert "active" in page.texts("#workers .chip")
    assert any(text.endswith(" MB") for text in page.texts("#workers .memory"))
    page.picture("kill")
    page.one("#runs .kill").click()
    assert (page.ended(), page.text("#output")) == ("ABORTED", "begun\n")
    page.until(lambda: page.text("#runs tbody") == "nothing runs")
    # by the button, and by the keyboard
    page.begin(ENDLESS)
    page.until(lambda: page.text("#output") == "begun\n")
    page.one("#stop").click()
    assert page.ended() == "ABORTED"
    page.begin(ENDLESS)
    page.until(lambda: page.text("#output") == "begun\n")
    page.one("#code").send_keys(Keys.ESCAPE)
    assert page.ended() == "ABORTED"
    assert page.run("'next'") == "ended"


def test_errors_are_shown_where_they_are(page: Page) -> None:
    page.choose("STRICT")
    assert page.run("a = 1\nb = a.__class__\n") == "VALIDATION_ERROR"
    assert page.texts("#gutter .wrong") == ["2"]
    assert page.texts("#paint .wrong-spot") == ["__class__"]
    assert page.text("#complaint").startswith("Line 2, column 7: `__class__` may not be written")
    page.picture("refused")
    assert page.run("print(1)\n\nx = (2\n") == "VALIDATION_ERROR"
    assert page.text("#complaint") == "Line 3, column 5: '(' was never closed"
    assert page.run("def f(n):\n    return 1 / n\n\nf(0)\n") == "EXECUTION_ERROR"
    assert page.text("#complaint") == "Line 2: ZeroDivisionError: division by zero"
    assert page.texts("#gutter .wrong") == ["2"]
    assert page.text("#value").startswith("Traceback (most recent call last):")
    page.picture("exception")
    # What is written next takes the mark away.
    page.one("#code").send_keys(" ")
    assert page.texts("#gutter .wrong") == []


def test_what_a_script_says_is_text(page: Page) -> None:
    text = "<img src=x onerror='document.title=1'></span><b>bold</b>"
    page.choose("STANDARD")
    assert page.run(f"print({text!r})\nreturn {text!r}") == "ended"
    assert page.text("#output") == text + "\n"
    assert page.run(f"raise ValueError({text!r})") == "EXECUTION_ERROR"
    assert text in page.text("#complaint")
    assert page.browser.title == "Enclave playground"


def test_keys_of_the_editor(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.write("")
    page.one("#code").send_keys("if True:", Keys.ENTER, "x = 1", Keys.ENTER, Keys.TAB, "y")
    script = "return document.getElementById('code').value"
    assert page.browser.execute_script(script) == "if True:\n    x = 1\n        y"
    assert page.text("#paint").rstrip("\n") == "if True:\n    x = 1\n        y"
    page.one("#code").send_keys(Keys.SHIFT, Keys.TAB)
    assert page.browser.execute_script(script) == "if True:\n    x = 1\n    y"


def test_the_caret_stays_in_sight(page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    page.write("")
    page.one("#code").send_keys(*[Keys.ENTER * 15, "x" * 30] * 4)
    script = """
        const [editor, code, last] = ["#editor", "#code", "#gutter div:last-child"]
            .map((e) => document.querySelector(e));
        const {top, bottom} = last.getBoundingClientRect(), around = editor.getBoundingClientRect();
        return [top >= around.top && bottom <= around.bottom, editor.scrollLeft > 0, code.scrollTop, code.scrollLeft]
    """
    page.until(lambda: page.browser.execute_script(script) == [True, False, 0, 0])
    page.one("#code").send_keys("y" * 120)
    page.until(lambda: page.browser.execute_script(script) == [True, True, 0, 0])
    page.picture("caret")
    page.one("#code").send_keys(Keys.CONTROL, Keys.HOME)
    page.until(lambda: page.browser.execute_script(script) == [False, False, 0, 0])


def test_dark_and_light(page: Page) -> None:
    script = "return getComputedStyle(document.body).backgroundColor"
    before = page.browser.execute_script(script)
    page.one("#theme").click()
    after = page.browser.execute_script(script)
    assert before != after
    page.picture("other-theme")
    page.browser.refresh()
    assert page.browser.execute_script(script) == after
    page.until(lambda: page.texts("#presets span"))
    page.one("#theme").click()
    assert page.browser.execute_script(script) == before
