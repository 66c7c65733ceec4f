# what: every character replaced by ten thousand
# expect: MEMORY_LIMIT_EXCEEDED
("a" * 100000).replace("a", "b" * 100000)
