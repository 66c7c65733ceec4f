# what: array.byteswap and index of what is not there
# expect: TIMEOUT
# batch: computing
import array

a = array.array("q", bytes(80000000))
while True:
    a.byteswap()
    a.count(1)
