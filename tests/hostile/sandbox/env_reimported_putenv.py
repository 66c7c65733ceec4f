# what: changes the environment with a new copy of the module below os
import _imp
import importlib.machinery
import sys

del sys.modules["posix"]
_imp.create_builtin(importlib.machinery.ModuleSpec("posix", None)).putenv(b"ENCLAVE_STAIN", b"x")
