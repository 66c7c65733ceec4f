"""What reach.py runs in a guest: it goes from what a script has to whatever that leads to, and says what is amiss.

A script of the package's own kind, without anything that the check refuses: names that it may not write come as data.
The host gives ``plan`` (numbers, each of which decides something), ``crawl`` (everything that attributes lead to,
instead of the plan), ``words``, ``constants``, ``modules`` and ``absent``.  The value is a list of findings.
"""

found = []
MAIN = lambda: 0
OWN = getattr(MAIN, words["globals"])
BACKWARDS = words["secret backwards"]  # or it would be found here
BUILTINS = OWN[words["builtin scope"]]
load = BUILTINS[words["import"]]
FUNCTION, CODE = type(MAIN), type(getattr(MAIN, words["code"]))
MODULE, BUILTIN = type(load("math")), type(len)


def plain_generator():
    yield 1


async def coroutine():
    return 1


async def async_generator():
    yield 1


def traceback_of(function, *args):
    try:
        function(*args)
    except BaseException as error:
        return error


GENERATOR, COROUTINE, ASYNC = type(plain_generator()), type(first := coroutine()), type(async_generator())
first.close()
try:
    1 / 0
except ZeroDivisionError as error:
    FRAME = type(getattr(getattr(error, words["traceback"]), words["frame of traceback"]))
LINKS = {GENERATOR: ("gi", "generator"), COROUTINE: ("cr", "coroutine"), ASYNC: ("ag", "generator")}


def report(what, how):
    if len(found) < 20:
        found.append([what, how[:300]])


def attribute(thing, name):
    """As getattr() has it; None if there is none."""
    try:
        return getattr(thing, name)
    except BaseException:
        return None


def told(thing):
    """The secret is in a text."""
    kind = type(thing)
    return (kind is str and BACKWARDS in thing[::-1]) or (kind is bytes and BACKWARDS in str(thing)[::-1])


def is_core(thing):
    """It is the runtime's native module, told by what it holds: one of that name is made by whoever likes to."""
    if type(thing) is not MODULE:
        return False
    functions = [attribute(thing, name) for name in words["of the core"]]
    return any(type(made) is BUILTIN and attribute(made, words["self"]) is thing for made in functions)


def judge(owner, how, thing):
    """Say so if this should not be had; `how` is the last step to it, `owner` what that began from."""
    kind = type(thing)
    if told(thing):
        report("the secret", how)
    elif kind is FRAME:
        for name in words["frame scopes"]:
            if attribute(thing, name):
                report("a frame with its " + name, how)
        back = attribute(thing, words["back"])
        if (
            back is not None
            and getattr(getattr(back, words["frame code"]), "co_filename") == words["runtime"]
        ):
            report("a frame of the runtime below a script's", how)
    elif kind is dict:
        if is_core(thing.get(words["native"])):
            report("the runtime's namespace", how)
    elif kind is MODULE:
        name = attribute(thing, "__name__")
        if is_core(thing):
            report("the core", how)
        elif name in absent and attribute(thing, words["spec"]) is not None:
            report("the module " + name, how)
    elif kind is BUILTIN:
        if is_core(attribute(thing, words["self"])):
            report("a function of the core", how)
    elif kind.__name__ in ("FileIO", "socket", "epoll", "mmap", "memfd"):
        number = attribute(thing, "fileno")
        try:
            if number is not None and number() >= 0:
                report("a descriptor", how)
        except BaseException:
            pass


def judge_attribute(owner, name, thing):
    kind = type(owner)
    judge(owner, kind.__name__ + "." + name, thing)
    if kind is FUNCTION and name in words["links of functions"] and thing is not None:
        if attribute(owner, words["globals"]) is not OWN:
            report("a link of a function that is not the script's", name)
    if kind in LINKS:
        short = name[3:]
        if name[:2] == LINKS[kind][0] and short in ("frame", "code"):
            report("the " + short + " of a " + kind.__name__, name)


def names_of(thing):
    """The names that may be attributes of it."""
    names = {}
    kinds = list(getattr(type(thing), words["mro"]))
    if isinstance(thing, type):
        kinds += list(attribute(thing, words["mro"]) or ())
    for kind in kinds:
        names.update(dict.fromkeys(attribute(kind, words["dict"]) or ()))
    own = attribute(thing, words["dict"])
    if own is not None:
        try:
            names.update(dict.fromkeys(own))
        except BaseException:
            pass
    return sorted([name for name in names if type(name) is str])


class Meta(type):
    def __instancecheck__(cls, thing):
        return True


def by_pattern(thing, name):
    """An attribute as a class pattern takes it."""
    Pattern = Meta("Pattern", (), {words["match args"]: (name,)})
    match thing:
        case Pattern(value):
            return value


def by_error(thing):
    """An object as the error of a missing attribute has it."""
    try:
        getattr(thing, "no such name")
    except AttributeError as error:
        return [error.obj, error]


class Holder:
    def take(self):
        return self


held = []
pool = []


def callback(*args, **more):
    """Given to whatever calls what it is given."""
    for value in (*args, *more.values()):
        judge(None, "an argument of a callback", value)
        keep(value)
    return pool[len(args)] if pool else None


def keep(thing):
    if len(pool) < 400:
        pool.append(thing)


for name in words["builtins"]:
    try:
        keep(BUILTINS[name])
    except BaseException:
        pass
for name in modules:
    try:
        keep(load(name, None, None, ("*",)))
    except BaseException:
        pass
for thing in (
    MAIN,
    callback,
    Meta,
    plain_generator(),
    async_generator(),
    "{0}",
    b"text",
    3,
    1.5,
    1j,
    [1, "a"],
    {"a": 1},
    (1, 2),
    {1},
    frozenset([1]),
    range(3),
    slice(1),
    memoryview(b"abc"),
    bytearray(b"abc"),
    iter([1]),
    iter({}),
    zip([1], [2]),
    map(callback, [1]),
    property(callback),
    staticmethod(callback),
    classmethod(callback),
    Exception("x"),
    traceback_of(call_tool, 1),
    traceback_of(print, 1),
    traceback_of(acall_tool),
    traceback_of(callback, 1),
    traceback_of(int, "x"),
    traceback_of(len),
    call_tool,
    print,
    ToolError,
    object(),
    FRAME,
    FUNCTION,
    CODE,
    GENERATOR,
    COROUTINE,
    MODULE,
    BUILTIN,
    Meta("Made", (), {}),
    sum,
    None,
    type(None),
    type,
    super,
    OWN,
):
    keep(thing)
for thing in (acall_tool("echo"), coroutine()):
    held.append(thing)
    keep(thing)

OPERATORS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a | b,
    lambda a, b: a & b,
    lambda a, b: a[b],
    lambda a, b: a == b,
    lambda a, b: a < b,
    lambda a, b: b in a,
    lambda a, b: a % b,
    lambda a, b: -a,
    lambda a, b: ~a,
    lambda a, b: a ^ b,
    lambda a, b: isinstance(a, b),
    lambda a, b: f"{a}",
    lambda a, b: f"{a!r:>{b}}",
    lambda a, b: next(a),
    lambda a, b: a.send(b),
    lambda a, b: a.throw(b),
    lambda a, b: format(a, b),
    lambda a, b: str(a),
    lambda a, b: hash(a),
    lambda a, b: sorted(a, key=b),
    lambda a, b: list(map(b, a)),
    lambda a, b: max(a, key=b),
    lambda a, b: dict(a),
    lambda a, b: (yield_from(a), 1),
    lambda a, b: a @ b,
    lambda a, b: divmod(a, b),
    lambda a, b: a.__enter__(),
    lambda a, b: a.__exit__(b, b, b),
    lambda a, b: reversed(a),
    lambda a, b: iter(b, a),
    lambda a, b: iter(a),
]


def yield_from(thing):
    return (yield from thing)


def explore(plan):
    """One step after another, as the numbers say."""
    numbers = iter(plan)

    def choose(among):
        return among[next(numbers) % len(among)]

    def argument():
        kind = next(numbers) % 4
        if kind == 0:
            return choose_thing()
        if kind == 1:
            return callback
        return choose(constants)

    def choose_thing():
        # Every second time one of the newest, so that ways grow long.
        number = next(numbers)
        return pool[-1 - number // 2 % min(30, len(pool))] if number % 2 else pool[number // 2 % len(pool)]

    for way in numbers:
        try:
            way %= 8
            thing = choose_thing()
            if way <= 2:
                names = names_of(thing)
                name = choose(names)
                value = by_pattern(thing, name) if way == 2 else getattr(thing, name)
                judge_attribute(thing, name, value)
            elif way <= 5:
                count = next(numbers) % 4
                args = [argument() for _ in range(count)]
                more = {choose(words["keywords"]): argument()} if next(numbers) % 8 == 0 else {}
                value = thing(*args, **more)
                judge(
                    thing,
                    "a call of " + type(thing).__name__ + " " + str(attribute(thing, "__name__")),
                    value,
                )
                if attribute(thing, "__name__") == words["subclasses"] and value:
                    of = attribute(thing, words["self"])
                    if isinstance(of, type) and not attribute(of, words["flags"]) & 512:
                        report("the subclasses of a static type", of.__name__)
            elif way == 6:
                number = next(numbers) % len(OPERATORS)
                value = OPERATORS[number](thing, argument())
                judge(thing, "operator " + str(number) + " on " + type(thing).__name__, value)
            else:
                value = by_error(thing)
            keep(value)
            if type(value) in (list, tuple, dict, set, frozenset):
                for _, item in zip(range(8), value.items() if type(value) is dict else value):
                    judge(value, "an item of what " + type(thing).__name__ + " gave", item)
                    keep(item)
        except (StopIteration, MemoryError):
            pass
        except BaseException as error:
            judge(None, "an exception", error)
            if type(error) in (TypeError, AttributeError) and next(numbers, 0) % 16:
                continue  # most of what is tried ends so
            keep(error)
            for name in ("__context__", "__cause__", words["traceback"]):
                value = attribute(error, name)
                if value is not None:
                    keep(value)


LEAVES = (
    int,
    float,
    bool,
    str,
    bytes,
    BUILTIN,
    type(None),
    type(Holder().take),
    type([].__len__),
    type(str.join),
    type(str.__len__),
)


MANY = (dict, tuple, list, type, FUNCTION, CODE, MODULE)


def everything(limit):
    """What attributes, items and lists lead to, each once, and of kinds that have no end (an address's neighbour) some."""
    seen = {}
    counts = {}
    level = pool
    while level and len(seen) < limit:
        below = []
        for thing in level:
            # Each taking of a method makes a new object that leads nowhere new, and so on for ever.
            if id(thing) in seen or type(thing) in LEAVES or len(seen) >= limit:
                continue
            kind = type(thing)
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] > 100 and kind not in MANY:
                continue
            seen[id(thing)] = thing
            for name in names_of(thing):
                if name == "processor":  # of platform: a property that would run another program
                    continue
                value = attribute(thing, name)
                judge_attribute(thing, name, value)
                below.append(value)
            if type(thing) in (list, tuple, dict, set, frozenset):
                for item in [*thing, *thing.values()] if type(thing) is dict else list(thing):
                    judge(thing, "an item of a " + type(thing).__name__, item)
                    below.append(item)
        level = below
    return len(seen)


count = everything(crawl) if crawl else explore(plan)
for thing in held:
    thing.close()
[found, count]
