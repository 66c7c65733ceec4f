# what: the tokens of a large source, kept
# expect: MEMORY_LIMIT_EXCEEDED
import io
import tokenize

kept = []
while True:
    kept += tokenize.generate_tokens(io.StringIO("x = 1 + 2\n" * 10000).readline)
