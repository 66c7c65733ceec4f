# what: prints for ever
# expect: TIMEOUT | OUTPUT_LIMIT
# batch: loops
while True:
    print("again")
