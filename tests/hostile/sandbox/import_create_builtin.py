# what: makes a built-in module
import _imp
import importlib.machinery

posix = _imp.create_builtin(importlib.machinery.ModuleSpec("posix", None))
_imp.exec_builtin(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
