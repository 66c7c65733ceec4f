# what: pow() with three huge arguments
# expect: TIMEOUT
# batch: computing
n = (1 << 300000) - 1
pow(3, n, n - 2)
