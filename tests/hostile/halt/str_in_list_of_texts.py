# what: membership in a list of equal-looking long texts
# expect: TIMEOUT
# batch: computing
base = "x" * 1000000
xs = [base + c for c in "abc"] * 300000
(base + "d") in xs
