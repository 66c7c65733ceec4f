# what: a mapping read into bytes
# expect: MEMORY_LIMIT_EXCEEDED
import mmap

mmap.mmap(-1, 10**9).read()
