# what: imports with __import__()
posix = __import__("posix")
posix.read(posix.open(CANARY_PATH, 0), 100)
