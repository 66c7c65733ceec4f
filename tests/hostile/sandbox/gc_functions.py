# what: finds a function of os among all objects
import gc
import types

gc.unfreeze()
functions = [o for o in gc.get_objects() if isinstance(o, types.FunctionType)]
listdir = next(f for f in functions if f.__module__ == "os").__globals__["listdir"]
listdir(CANARY_DIR + "/names")
