# what: find by the two-way algorithm, in a loop
# expect: TIMEOUT
# batch: computing
text = "ab" * 1000000
while True:
    text.find("ba" * 400000 + "a")
