# what: eval inside eval inside eval
# expect: TIMEOUT
# batch: loops
code = "[0 for _ in iter(int, 1) if False]"
for _ in range(4):
    code = f"eval({code!r})"
eval(code)
