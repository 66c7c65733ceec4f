# what: compressors with large dictionaries, kept, everything caught
# expect: MEMORY_LIMIT_EXCEEDED
import lzma

kept = []
while True:
    try:
        kept.append(lzma.LZMACompressor(filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 4000000}]))
    except BaseException:
        pass
