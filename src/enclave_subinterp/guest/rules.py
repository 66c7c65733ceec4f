"""What a script may write at each security level: data alone, which language.py and the module layer go by.

Like bootstrap.py it is part of the guest's runtime, and it imports nothing.  It names what is allowed; what is not
named is refused, what a later Python brings included, until somebody has looked at it.

None of it is a wall.  A checked script can still build a name at run time (``getattr(x, "__cl" + "ass__")``,
``"{0.__class__}".format(x)``, the ``obj`` of an AttributeError).  What must not be had is not there to be found: types
are sealed, builtins and modules are allow-lists, and the system layer stands behind those.  What is refused here is
refused early, with the place and with what to write instead.

Levels
------
STRICT and SECURE refuse ``eval``, ``exec`` and ``compile`` (text that is run is text that nobody has checked and whose
loops nobody counts), what looks into objects and namespaces (``__class__``, ``__dict__``, ``vars``, ``globals``), a
``while`` that nothing in it can end, and unicode that reads otherwise than it runs.  STANDARD is ordinary Python:
``eval`` of a string, ``type(self).__mro__`` and ``__dict__`` are everyday means there, and the lower layers hold
whatever such text does; it refuses only what leads out of one's own objects (``__globals__``, ``__subclasses__``,
frames).  PERMISSIVE refuses sizes, and names that no script has.
"""

from __future__ import annotations


class Rules:
    """What holds at one security level.

    Attributes:
        level: its name.
        max_characters: characters of a source.
        max_depth: levels of nesting of a syntax tree; ``a + b + c`` has one for each operator.
        dunders: the names with two underscores on both sides that may be written; None for all.
        hidden: names without underscores around them that may not be written.
        builtins: the names of the guest's ``__builtins__``; what it lacks may be written only if the script binds it.
        bounded_while: a ``while`` must be able to end by itself; see language.py.
        plain_text: identifiers are ASCII, and the source has no character of INVISIBLE.
    """

    __slots__ = (
        "bounded_while",
        "builtins",
        "dunders",
        "hidden",
        "level",
        "max_characters",
        "max_depth",
        "plain_text",
    )

    def __init__(
        self,
        level: str,
        *,
        max_characters: int,
        max_depth: int,
        dunders: frozenset[str] | None,
        hidden: frozenset[str],
        builtins: frozenset[str],
        bounded_while: bool,
        plain_text: bool,
    ) -> None:
        self.level = level
        self.max_characters = max_characters
        self.max_depth = max_depth
        self.dunders = dunders
        self.hidden = hidden
        self.builtins = builtins
        self.bounded_while = bounded_while
        self.plain_text = plain_text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- Syntax ------------------------------------------------------------------------------------------------------

# The kinds of nodes that are known, in whichever version: what a later one adds is refused until it stands here.
NODE_KINDS = _words("""
    Module Expression
    FunctionDef AsyncFunctionDef ClassDef Return Delete Assign TypeAlias AugAssign AnnAssign For AsyncFor While If
    With AsyncWith Match Raise Try TryStar Assert Import ImportFrom Global Nonlocal Expr Pass Break Continue
    BoolOp NamedExpr BinOp UnaryOp Lambda IfExp Dict Set ListComp SetComp DictComp GeneratorExp Await Yield YieldFrom
    Compare Call FormattedValue JoinedStr Interpolation TemplateStr Constant Attribute Subscript Starred Name List
    Tuple Slice
    Load Store Del And Or Add Sub Mult MatMult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv
    Invert Not UAdd USub Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn
    comprehension ExceptHandler arguments arg keyword alias withitem match_case
    MatchValue MatchSingleton MatchSequence MatchMapping MatchClass MatchStar MatchAs MatchOr
    TypeVar ParamSpec TypeVarTuple
""")

# Every str in a field of a node is an identifier, whatever the node and the field, but for these.
TEXT_FIELDS = _words("Constant.value Constant.kind Interpolation.str")

# Of these, the ones that bind it in the script, each in its kind of node, beside Name and alias.  A statement that only
# says where a name belongs (Global, Nonlocal) binds none, and neither does the name of a module or of an attribute.
BINDING_FIELDS = _words("""
    FunctionDef.name AsyncFunctionDef.name ClassDef.name arg.arg ExceptHandler.name
    MatchAs.name MatchStar.name MatchMapping.rest TypeVar.name ParamSpec.name TypeVarTuple.name
""")

# A str that is given to one of these is the name of an attribute.
REFLECTION = _words("""
    getattr setattr hasattr delattr attrgetter methodcaller getattr_static
    __getattr__ __getattribute__ __setattr__ __delattr__
""")

# Calling one of these changes none of its arguments, and twice the same gives twice the same.
PURE = _words("""
    abs all any ascii bin bool bytes callable chr complex dict dir divmod enumerate float format frozenset getattr
    hasattr hash hex id int isinstance issubclass len list max min oct ord pow print range repr reversed round set
    slice sorted str sum tuple type zip
""")


# --- Names -------------------------------------------------------------------------------------------------------

# What one defines to give a class its behaviour, and what a module or an object says of itself.
_ORDINARY = _words("""
    __name__ __qualname__ __module__ __doc__ __main__ __future__ __debug__ __all__ __version__ __author__ __date__
    __license__ __copyright__ __annotations__
    __slots__ __match_args__ __notes__ __cause__ __context__ __suppress_context__ __type_params__
    __new__ __init__ __post_init__ __del__ __call__ __init_subclass__ __set_name__ __class_getitem__ __mro_entries__
    __prepare__ __instancecheck__ __subclasscheck__ __subclasshook__
    __repr__ __str__ __bytes__ __format__ __hash__ __bool__ __sizeof__ __fspath__ __dir__
    __lt__ __le__ __eq__ __ne__ __gt__ __ge__
    __getattr__ __setattr__ __delattr__ __get__ __set__ __delete__
    __len__ __length_hint__ __getitem__ __setitem__ __delitem__ __missing__ __contains__
    __iter__ __next__ __reversed__ __await__ __aiter__ __anext__ __enter__ __exit__ __aenter__ __aexit__
    __buffer__ __release_buffer__ __copy__ __deepcopy__ __replace__ __getstate__ __setstate__
    __add__ __radd__ __iadd__ __sub__ __rsub__ __isub__ __mul__ __rmul__ __imul__ __matmul__ __rmatmul__ __imatmul__
    __truediv__ __rtruediv__ __itruediv__ __floordiv__ __rfloordiv__ __ifloordiv__ __mod__ __rmod__ __imod__
    __divmod__ __rdivmod__ __pow__ __rpow__ __ipow__ __lshift__ __rlshift__ __ilshift__ __rshift__ __rrshift__
    __irshift__ __and__ __rand__ __iand__ __or__ __ror__ __ior__ __xor__ __rxor__ __ixor__
    __neg__ __pos__ __abs__ __invert__ __int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__
""")

# What looks into one's own objects and classes.
_INTROSPECTION = _words("""
    __class__ __dict__ __mro__ __bases__ __base__ __basicsize__ __itemsize__ __flags__ __weakref__ __abstractmethods__
    __isabstractmethod__ __members__ __getattribute__ __traceback__ __wrapped__ __func__ __objclass__ __signature__
    __text_signature__ __defaults__ __kwdefaults__ __reduce__ __reduce_ex__ __getnewargs__ __getnewargs_ex__
    __getinitargs__ __import__ __file__ __path__ __package__ __annotate__ __static_attributes__ __firstlineno__
    __origin__ __args__ __parameters__ __orig_bases__ __orig_class__ __unpacked__ __value__ __bound__ __constraints__
    __covariant__ __contravariant__ __infer_variance__ __default__ __metadata__ __supertype__ __total__
    __forward_arg__ __required_keys__ __optional_keys__ __readonly_keys__ __mutable_keys__ __closed__ __extra_items__
    __final__ __override__ __deprecated__ __protocol_attrs__ __dataclass_fields__ __dataclass_params__
    __tracebackhide__
""")

# The links from a generator, a coroutine, a traceback or a frame to the frames, code and namespaces behind it.
_FRAME_LINKS = _words("""
    gi_frame gi_code gi_yieldfrom cr_frame cr_code cr_await cr_origin ag_frame ag_code ag_await
    f_back f_builtins f_code f_generator f_globals f_locals f_trace tb_frame tb_next
    cell_contents _getframe _getframemodulename _current_frames _current_exceptions
""")


# --- Builtins ----------------------------------------------------------------------------------------------------

_EXCEPTIONS = _words("""
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
    ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup
    FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportCycleError
    ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError
    KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError
    OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration
    SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError ToolError TypeError UnboundLocalError
    UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError
    Warning ZeroDivisionError
""")

# __import__ and __lazy_import__ are what an import statement calls: the module layer puts its own in their place.
_BUILTINS_STRICT = _EXCEPTIONS | _words("""
    Ellipsis False None NotImplemented True __build_class__ __debug__ __import__ __lazy_import__ __name__
    abs aiter all anext any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict divmod
    enumerate filter float format frozendict frozenset getattr hasattr hash hex id int isinstance issubclass iter len
    list map max memoryview min next object oct ord pow print property range repr reversed round sentinel set setattr
    slice sorted staticmethod str sum super tuple type zip
    call_tool acall_tool
""")
_BUILTINS_SECURE = _BUILTINS_STRICT | _words("dir")
_BUILTINS_STANDARD = _BUILTINS_SECURE | _words("compile eval exec globals locals vars")
# open() is here for what the system layer lets it open, which is nothing unless the host says so.
_BUILTINS_PERMISSIVE = _BUILTINS_STANDARD | _words(
    "__doc__ __loader__ __package__ __spec__ _IncompleteInputError breakpoint input open"
)

# What to write in the place of a name that is refused.  The names without underscores are the builtins that a level
# may withhold, and those that the site module would bring.
SUGGESTIONS = {
    "eval": "for data use json.loads() or ast.literal_eval(), for a computation write it out",
    "exec": "write the statements in the script itself",
    "compile": "write the code in the script itself; re.compile() is not meant",
    "open": "take data from the run's globals or from call_tool(), and return what is to be kept",
    "input": "take data from the run's globals or from call_tool()",
    "breakpoint": "print what you want to see",
    "help": "print what you want to see",
    "globals": "use a dict of your own",
    "locals": "use a dict of your own",
    "vars": "name the attributes, or use a dict of your own",
    "dir": "name the attributes",
    "exit": "end with a top-level return",
    "quit": "end with a top-level return",
    "copyright": "remove it",
    "credits": "remove it",
    "license": "remove it",
    "__import__": "use an import statement",
    "__class__": "use type(x), or super() without arguments",
    "__dict__": "name the attributes, or use a dict of your own",
    "__mro__": "use isinstance() or issubclass()",
    "__bases__": "use isinstance() or issubclass()",
    "__base__": "use isinstance() or issubclass()",
    "__subclasses__": "keep a list of your own, filled by __init_subclass__()",
    "__getattribute__": "define __getattr__(), or use getattr()",
    "__reduce__": "define __copy__() or __getstate__()",
    "__reduce_ex__": "define __copy__() or __getstate__()",
    "__wrapped__": "keep the function that was wrapped under a name of your own",
    "__traceback__": "use str() of the exception",
}


# --- Text --------------------------------------------------------------------------------------------------------

# Characters that are not seen, or that change what is seen of others, as ranges of code points.
INVISIBLE = (
    (0x00, 0x08),  # control characters but tab, newline, form feed and carriage return
    (0x0B, 0x0B),
    (0x0E, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation and vowel separators
    (0x200B, 0x200F),  # zero width space and joiners, directional marks
    (0x2028, 0x202E),  # line and paragraph separators, directional embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, directional isolates, deprecated formats
    (0x3164, 0x3164),  # Hangul filler
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0xFFF9, 0xFFFB),  # interlinear annotation
    (0xE0000, 0xE0FFF),  # tags, variation selectors supplement
)


# --- The levels --------------------------------------------------------------------------------------------------

RULES = {
    rules.level: rules
    for rules in (
        Rules(
            "STRICT",
            max_characters=100_000,
            max_depth=100,
            dunders=_ORDINARY,
            hidden=_FRAME_LINKS | {"mro"},
            builtins=_BUILTINS_STRICT,
            bounded_while=True,
            plain_text=True,
        ),
        Rules(
            "SECURE",
            max_characters=250_000,
            max_depth=150,
            dunders=_ORDINARY,
            hidden=_FRAME_LINKS | {"mro"},
            builtins=_BUILTINS_SECURE,
            bounded_while=True,
            plain_text=True,
        ),
        Rules(
            "STANDARD",
            max_characters=1_000_000,
            max_depth=1_000,
            dunders=_ORDINARY | _INTROSPECTION,
            hidden=_FRAME_LINKS,
            builtins=_BUILTINS_STANDARD,
            bounded_while=False,
            plain_text=False,
        ),
        Rules(
            "PERMISSIVE",
            max_characters=4_000_000,
            max_depth=2_000,
            dunders=None,
            hidden=frozenset(),
            builtins=_BUILTINS_PERMISSIVE,
            bounded_while=False,
            plain_text=False,
        ),
    )
}


def allowed_builtins(level: str) -> frozenset[str]:
    """The names that the guest's ``__builtins__`` may have at that level, whichever of them this Python has."""
    return RULES[level].builtins
