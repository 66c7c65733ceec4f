# what: makes a concrete path out of a pure one
import pathlib

pure = pathlib.PurePath(CANARY_PATH)
concrete = next(c for c in type(pure).__subclasses__() if hasattr(c, "read_bytes"))
concrete(pure).read_bytes()
