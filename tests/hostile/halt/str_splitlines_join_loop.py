# what: splitlines and join for ever
# expect: TIMEOUT
# batch: computing
text = "line\r\n" * 1000000
while True:
    "".join(text.splitlines(True))
