# what: compiles and evaluates
eval(compile("open(CANARY_PATH).read()", "x", "eval"))
