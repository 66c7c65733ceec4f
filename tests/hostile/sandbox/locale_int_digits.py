# what: changes how long a number may be when it is printed
import sys

sys.set_int_max_str_digits(0)
# --- verify ---
import sys

sys.get_int_max_str_digits() == 4300
