# what: compiles a middling source for ever
# expect: TIMEOUT
# batch: computing
src = "def f(a, b=1, *c):\n    return [x for x in c if x > a + b]\n" * 500
while True:
    compile(src, "again", "exec")
