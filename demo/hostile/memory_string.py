# title: A string doubled until it fails
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 5
text = "spam and eggs, "
while True:
    text += text
