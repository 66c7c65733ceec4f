# what: evaluates with builtins that it brings along
eval("o(p).read()", {"__builtins__": {"o": open, "p": CANARY_PATH}})
