# title: A shift by ten thousand million bits
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
1 << 10**10
