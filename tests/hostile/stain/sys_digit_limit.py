# what: the limit of digits is changed
# batch: stains
import sys

sys.set_int_max_str_digits(641)
# --- verify ---
import sys

sys.get_int_max_str_digits() != 641 and len(str(10**700)) == 701
