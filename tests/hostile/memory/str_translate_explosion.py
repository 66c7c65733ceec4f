# what: a translation table that makes long texts of characters
# expect: MEMORY_LIMIT_EXCEEDED
("a" * 100000).translate({97: "b" * 100000})
