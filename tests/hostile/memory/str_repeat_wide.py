# what: four bytes a character
# expect: MEMORY_LIMIT_EXCEEDED
"\U0001f600" * 10**9
