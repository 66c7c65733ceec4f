# what: compiles a middling source for ever
# expect: TIMEOUT
src = "def f(a, b=1, *c):\n    return [x for x in c if x > a + b]\n" * 500
while True:
    compile(src, "again", "exec")
