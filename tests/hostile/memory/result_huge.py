# what: the value is a list of references that would be a thousand megabytes as text
# expect: MEMORY_LIMIT_EXCEEDED | MESSAGE_TOO_LARGE | RESULT_NOT_SERIALIZABLE | SUCCESS
["x" * 1000000] * 1000
