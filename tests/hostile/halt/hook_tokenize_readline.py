# what: the C tokenizer reads lines that never end a statement
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: hooks
import tokenize

for _ in tokenize.generate_tokens(lambda: "x = 1\n"):
    pass
