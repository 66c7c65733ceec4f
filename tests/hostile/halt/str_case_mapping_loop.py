# what: case mapping of a text outside Latin-1
# expect: TIMEOUT
# batch: computing
text = "\u0130\ufb03\u1e9e" * 1000000
while True:
    text.casefold().upper().title().swapcase()
