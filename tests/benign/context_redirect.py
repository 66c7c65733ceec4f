# what: output that is redirected
# strict: yes
import io
from contextlib import redirect_stdout

buffer = io.StringIO()
with redirect_stdout(buffer):
    print("hidden", 42)
print("shown")
buffer.getvalue()
