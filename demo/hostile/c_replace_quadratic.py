# title: Quadratic work in bytes methods
# kind: loop
# expect: TIMEOUT
# timeout: 0.25
needle = b"a" * 200_000 + b"b"
haystack = b"a" * 4_000_000
while True:
    haystack.count(needle[: len(needle) // 2] + b"c")
