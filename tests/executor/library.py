"""Modules of the standard library, and something small to do with each of them in a task."""

from __future__ import annotations

from typing import Any

from tests.executor.tasks import Colour, square

# Of those that the modules below import: what a CPython may be built without, for want of a C library.
OPTIONAL = {"_bz2", "_ctypes", "_lzma", "_sqlite3", "_ssl", "readline", "zlib"}


def use_module(name: str) -> Any:
    """Import a module of the standard library and do something with it."""
    import importlib

    module = importlib.import_module(name)
    return USES[name](module)


def _query(sqlite3: Any) -> Any:
    import contextlib

    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table t (n)")
        connection.executemany("insert into t values (?)", [(1,), (2,)])
        return connection.execute("select sum(n) from t").fetchone()[0]


def _queue(queue: Any) -> Any:
    items = queue.Queue()
    items.put(3)
    return items.get()


USES: dict[str, Any] = {
    "array": lambda m: m.array("i", [1, 2]).tolist(),
    "base64": lambda m: m.b64encode(b"abc"),
    "bisect": lambda m: m.bisect([1, 2, 3], 2),
    "bz2": lambda m: m.decompress(m.compress(b"abc")),
    "cmath": lambda m: m.sqrt(-1),
    "configparser": lambda m: m.ConfigParser().sections(),
    "contextvars": lambda m: m.ContextVar("x", default=3).get(),
    "csv": lambda m: list(m.reader(["a,b"])),
    "ctypes": lambda m: m.c_int(3).value,
    "curses.ascii": lambda m: m.isalpha("a"),
    "datetime": lambda m: m.date(2024, 2, 28) + m.timedelta(days=1),
    "decimal": lambda m: m.Decimal("0.1") + m.Decimal("0.2"),
    "email": lambda m: m.message_from_string("Subject: x\n\ny")["Subject"],
    "faulthandler": lambda m: callable(m.dump_traceback_later),
    "fractions": lambda m: m.Fraction(1, 3),
    "glob": lambda m: m.glob("/dev/null"),
    "grp": lambda m: m.getgrgid(0).gr_name,
    "gzip": lambda m: m.decompress(m.compress(b"abc")),
    "hashlib": lambda m: m.sha256(b"abc").hexdigest(),
    "heapq": lambda m: m.nsmallest(2, [3, 1, 2]),
    "hmac": lambda m: m.new(b"k", b"m", "sha256").hexdigest(),
    "html.parser": lambda m: m.HTMLParser().rawdata,
    "importlib.metadata": lambda m: m.version("pytest"),
    "inspect": lambda m: m.signature(square).parameters.keys() == {"number"},
    "ipaddress": lambda m: m.ip_address("10.0.0.1"),
    "json": lambda m: m.loads(m.dumps({"a": [1, None]})),
    "locale": lambda m: m.localeconv()["decimal_point"],
    "lzma": lambda m: m.decompress(m.compress(b"abc")),
    "mmap": lambda m: len(m.mmap(-1, 10)),
    "multiprocessing": lambda m: m.cpu_count() > 0,
    "numbers": lambda m: isinstance(1, m.Integral),
    "pickle": lambda m: m.loads(m.dumps([1, Colour.RED])),
    "platform": lambda m: m.system(),
    "pwd": lambda m: m.getpwuid(0).pw_dir,
    "queue": _queue,
    "random": lambda m: m.Random(3).random(),
    "re": lambda m: m.findall(r"\d+", "a1b22"),
    "readline": lambda m: m.get_history_length(),
    "resource": lambda m: len(m.getrlimit(m.RLIMIT_NOFILE)),
    "secrets": lambda m: len(m.token_bytes(5)),
    "selectors": lambda m: m.DefaultSelector().close(),
    "shutil": lambda m: m.which("sh") is not None,
    "sqlite3": _query,
    "ssl": lambda m: m.create_default_context().check_hostname,
    "statistics": lambda m: m.stdev([1, 2, 3]),
    "struct": lambda m: m.pack("<i", 3),
    "tomllib": lambda m: m.loads("a = 1"),
    "unicodedata": lambda m: m.name("é"),
    "unittest.mock": lambda m: m.Mock(return_value=3)(),
    "urllib.parse": lambda m: m.urlsplit("http://a/b?c").query,
    "uuid": lambda m: m.uuid5(m.NAMESPACE_DNS, "a"),
    "weakref": lambda m: m.ref(square)() is square,
    "xml.etree.ElementTree": lambda m: m.fromstring("<a><b/></a>")[0].tag,
    "zipfile": lambda m: m.is_zipfile("/dev/null"),
    "zlib": lambda m: m.crc32(b"abc"),
    "zoneinfo": lambda m: str(m.ZoneInfo("UTC")),
}
