# what: a thousand million bytes mapped, not through Python's allocator, and not touched
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR | SANDBOX_VIOLATION | SUCCESS
import mmap

len(mmap.mmap(-1, 10**9))
