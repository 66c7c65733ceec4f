# what: rfind on text
# expect: TIMEOUT
# batch: computing
text = "a" * 2000000
text.rfind("ab" + "a" * 1000000)
