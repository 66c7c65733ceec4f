# what: prints empty text, which no byte limit counts
# expect: TIMEOUT | OUTPUT_LIMIT
while True:
    print(end="")
