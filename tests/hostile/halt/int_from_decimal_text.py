# what: int() of a huge text, the digit limit off
# expect: TIMEOUT
# batch: computing
import sys

sys.set_int_max_str_digits(0)
int("7" * 20000000)
