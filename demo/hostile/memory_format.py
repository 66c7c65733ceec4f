# title: A number printed a thousand million columns wide
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
len(f"{1:>{10**9}}")
