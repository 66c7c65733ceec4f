# what: many tabs, widely expanded
# expect: MEMORY_LIMIT_EXCEEDED
("\t" * 10000).expandtabs(100000)
