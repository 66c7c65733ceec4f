# what: constants that the compiler might fold
# expect: MEMORY_LIMIT_EXCEEDED
eval("'x' * 4000 * 4000 * 4000")
