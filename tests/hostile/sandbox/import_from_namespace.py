# what: imports with the function in the namespace's builtins
scope = __builtins__ if isinstance(__builtins__, dict) else vars(__builtins__)
posix = scope["__import__"]("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
