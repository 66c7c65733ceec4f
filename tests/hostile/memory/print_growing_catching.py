# what: ever longer texts printed, everything caught
# expect: MEMORY_LIMIT_EXCEEDED | OUTPUT_LIMIT
s = "x"
while True:
    try:
        print(s)
        s += s
    except BaseException:
        s += s
