# what: rsplit by a long separator that is not there
# expect: TIMEOUT
# batch: computing
text = "a" * 2000000
text.rsplit("ab" + "a" * 1000000)
