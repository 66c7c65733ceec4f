# what: a BytesIO grows
# expect: MEMORY_LIMIT_EXCEEDED
import io

b = io.BytesIO()
while True:
    b.write(bytes(100000))
