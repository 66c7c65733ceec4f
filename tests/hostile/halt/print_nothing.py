# what: prints empty text, which no byte limit counts
# expect: TIMEOUT | OUTPUT_LIMIT
# batch: loops
while True:
    print(end="")
