# what: the loop is compiled at run time
# expect: TIMEOUT
exec("while True: pass", {})
