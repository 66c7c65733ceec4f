# what: reads clocks by way of modules that other modules have imported
# levels: STRICT
import contextlib

modules = contextlib.sys.modules
found = [modules["time"].time(), modules["posix" if "posix" in modules else "os"].times().elapsed]
{"escaped": any(found), "proof": "time"}
