# what: imports with the function that builtins hold
import builtins

posix = builtins.__import__("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
