# what: strings built and thrown away
# expect: TIMEOUT
s = ""
while True:
    s += "x"
    if len(s) > 1000:
        s = ""
