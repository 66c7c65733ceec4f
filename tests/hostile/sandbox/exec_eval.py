# what: evaluates an expression
eval("open(CANARY_PATH).read()")
