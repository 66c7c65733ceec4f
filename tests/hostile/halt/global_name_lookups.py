# what: globals, locals and builtins looked up by name
# expect: TIMEOUT
while True:
    globals()["n"] = len(vars())
    print
