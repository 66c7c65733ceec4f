# what: counts and replaces in a large text
# expect: TIMEOUT
# batch: computing
text = "ab" * 5000000
while True:
    text.count("ba")
    text.replace("ab", "ba")
