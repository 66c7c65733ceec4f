# title: Prints twelve megabytes at once
# kind: misuse
# expect: OUTPUT_LIMIT
# timeout: 5
print("x" * (12 << 20))
