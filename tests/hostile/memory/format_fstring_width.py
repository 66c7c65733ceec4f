# what: an f-string's width from a variable
# expect: MEMORY_LIMIT_EXCEEDED
w = 10**10
f"{'x':>{w}}"
