# what: a write far beyond the end of a BytesIO
# expect: MEMORY_LIMIT_EXCEEDED
import io

b = io.BytesIO()
b.seek(10**10)
b.write(b"x")
