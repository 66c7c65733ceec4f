# title: Eight gigabytes at one blow
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
[0] * 10**9
