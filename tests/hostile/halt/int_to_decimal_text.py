# what: str() of a huge number, the digit limit off
# expect: TIMEOUT
# batch: computing
import sys

sys.set_int_max_str_digits(0)
n = int.from_bytes(bytes(range(256)) * 20000)
while True:
    str(n)
