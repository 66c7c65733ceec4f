# what: the loop is compiled at run time
# expect: TIMEOUT
# batch: loops
exec("while True: pass", {})
