# what: globals, locals and builtins looked up by name
# expect: TIMEOUT
# batch: loops
while True:
    globals()["n"] = len(vars())
    print
