# what: input() from a standard input that says nothing
# expect: TIMEOUT | EXECUTION_ERROR
while True:
    input()
