# what: rfind, the search that has no linear algorithm
# expect: TIMEOUT
# batch: computing
text = b"a" * 2000000
text.rfind(b"ab" + b"a" * 1000000)
