# what: an expression that evaluates itself, no deeper each turn
# expect: TIMEOUT
# batch: loops
src = "0"
while True:
    src = "0" if eval(src) else "eval(compile('0', 's', 'eval'))"
