# what: reaches builtins as inspect.builtins
import inspect

inspect.builtins.open(CANARY_PATH).read()
