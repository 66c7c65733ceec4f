# what: eval calling eval, caught and repeated
# expect: TIMEOUT
src = "eval(src)"
while True:
    try:
        eval(src)
    except (RecursionError, MemoryError):
        pass
