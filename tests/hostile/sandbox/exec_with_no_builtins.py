# what: evaluates with a namespace that has none, and is given them
scope = {}
exec("1", scope)
builtins = scope["__builtins__"]
(builtins["open"] if isinstance(builtins, dict) else builtins.open)(CANARY_PATH).read()
