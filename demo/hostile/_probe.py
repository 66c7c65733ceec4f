# title: Is this interpreter as new?
# kind: stain
# expect: OK
# timeout: 5
"""Describes what a script can see of its interpreter; the demonstration compares that with a fresh worker's.

Nothing that a stain could have replaced is trusted: what is looked at is described by value, and the work is
done with syntax as far as it goes.
"""

seen = {}


def note(name, look):
    try:
        seen[name] = look()
    except BaseException as error:
        # What a later policy refuses to everybody is refused to every probe alike.
        seen[name] = "refused: " + type(error).__name__


def digest(names):
    total = 7
    for name in sorted(names):
        for c in name:
            total = (total * 1000003 ^ ord(c)) % (2**61 - 1)
    return total


def vocabulary(module):
    return {name: type(value).__name__ for name, value in vars(__import__(module)).items()}


def imported(module, *path):
    thing = __import__(module)
    for name in path:
        thing = getattr(thing, name)
    return thing


note("len", lambda: [len([]), len("four"), len({1: 2})])
note(
    "repr", lambda: [repr("x"), str(1.5), int("12"), sum([1, 2, 3]), sorted([3, 1, 2]), list(map(abs, [-1]))]
)
note("isinstance", lambda: [isinstance(1, int), isinstance(1, str), issubclass(bool, int), callable(1)])
note("raise", lambda: 1 // 0)
note("builtins", lambda: vocabulary("builtins"))
note(
    "json", lambda: imported("json", "dumps")({"a": [1, None, True]}) + str(imported("json", "loads")("[1]"))
)
note("json names", lambda: vocabulary("json"))
note("math", lambda: [imported("math", "sqrt")(16.0), imported("math", "pi")])
note("re", lambda: imported("re", "sub")(r"\d+", "#", "a1b22"))
note("modules", lambda: sorted(name for name in imported("sys", "modules")))
note("path", lambda: list(imported("sys", "path")))
note("hooks", lambda: [len(imported("sys", name)) for name in ("meta_path", "path_hooks")])
note("recursion", lambda: imported("sys", "getrecursionlimit")())
note("digits", lambda: imported("sys", "get_int_max_str_digits")())
note("switch", lambda: imported("sys", "getswitchinterval")())
note("trace", lambda: [imported("sys", "gettrace")() is None, imported("sys", "getprofile")() is None])
note("streams", lambda: [type(imported("sys", name)).__name__ for name in ("stdout", "stderr", "excepthook")])
note(
    "gc",
    lambda: [
        imported("gc", "isenabled")(),
        imported("gc", "get_threshold")(),
        len(imported("gc", "callbacks")),
    ],
)
note(
    "decimal",
    lambda: str(imported("decimal", "getcontext")().prec) + str(imported("decimal", "Decimal")(1) / 7),
)
note("environment", lambda: digest(imported("os", "environ")))
note("errors", lambda: b"\xff".decode("utf-8", "replace") + "é".encode("ascii", "backslashreplace").decode())
note("abc", lambda: isinstance(3, imported("collections", "abc").Sized))
note("warnings", lambda: len(imported("warnings", "filters")))
note("exceptions", lambda: digest(dir(Exception)))
note("threads", lambda: imported("threading", "active_count")())
for kind in (object, type, str, int, list, dict, tuple, set, bytes, float):
    note("attributes of " + kind.__name__, lambda: digest(dir(kind)))
note(
    "methods",
    lambda: ["aB".upper(), "aB".lower(), "a,b".split(","), [3, 1].index(1), {1: 2}.get(1), (5).bit_length()],
)
note("globals", lambda: sorted(name for name in globals() if not name.startswith("__")))
seen
