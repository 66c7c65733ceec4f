# what: struct with a huge count
# expect: MEMORY_LIMIT_EXCEEDED
import struct

struct.pack("1000000000x")
