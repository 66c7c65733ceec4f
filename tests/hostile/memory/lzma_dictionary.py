# what: LZMA with a dictionary of a thousand million bytes
# expect: MEMORY_LIMIT_EXCEEDED | EXECUTION_ERROR
import lzma

lzma.LZMACompressor(filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 10**9}])
