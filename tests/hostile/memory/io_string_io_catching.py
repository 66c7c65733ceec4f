# what: a StringIO grows, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED
import io

s = io.StringIO()
while True:
    try:
        s.write("\U0001f600" * 10000)
    except MemoryError:
        pass
