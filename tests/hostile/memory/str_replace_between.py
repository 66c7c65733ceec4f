# what: the empty string replaced, which stands between all characters
# expect: MEMORY_LIMIT_EXCEEDED
("a" * 10000).replace("", "b" * 100000)
