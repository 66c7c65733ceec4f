# what: what version runs
import sys

ok = sys.version_info >= (3, 12)
print("modern" if ok else "old", sys.version_info[0], sys.maxsize > 2**32, sys.byteorder)
(sys.version_info.major, sys.maxsize, sys.getrecursionlimit() > 100, sys.implementation.name)
