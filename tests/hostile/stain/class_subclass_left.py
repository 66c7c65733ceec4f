# what: subclasses of builtin types stay in their lists
# batch: stains
import sys


class StainInt(int):
    pass


class StainError(Exception):
    pass


sys.stain_classes = [StainInt, StainError]
# --- verify ---
names = [c.__name__ for c in int.__subclasses__() + Exception.__subclasses__()]
"StainInt" not in names and "StainError" not in names
