# what: a text split into millions of words
# expect: MEMORY_LIMIT_EXCEEDED
("ab " * 10**7).split()
