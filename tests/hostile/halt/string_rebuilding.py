# what: strings built and thrown away
# expect: TIMEOUT
# batch: loops
s = ""
while True:
    s += "x"
    if len(s) > 1000:
        s = ""
