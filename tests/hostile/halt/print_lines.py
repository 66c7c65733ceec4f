# what: prints for ever
# expect: TIMEOUT | OUTPUT_LIMIT
while True:
    print("again")
