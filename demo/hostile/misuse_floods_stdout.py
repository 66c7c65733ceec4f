# title: Prints without end
# kind: misuse
# expect: OUTPUT_LIMIT
# timeout: 5
while True:
    try:
        print("all work and no play makes a dull guest")
    except BaseException:
        pass
