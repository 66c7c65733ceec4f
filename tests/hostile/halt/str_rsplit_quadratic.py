# what: rsplit by a long separator that is not there
# expect: TIMEOUT
text = "a" * 2000000
text.rsplit("ab" + "a" * 1000000)
