# what: ligatures that grow as they are put in capitals, doubled each time
# expect: MEMORY_LIMIT_EXCEEDED
s = "\ufb03" * 1000
while True:
    s = s.upper() + s.replace("F", "\ufb03")
