# what: a StringIO grows
# expect: MEMORY_LIMIT_EXCEEDED
import io

s = io.StringIO()
while True:
    s.write("x" * 100000)
