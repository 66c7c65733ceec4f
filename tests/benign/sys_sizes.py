# what: sizes and limits of numbers
import sys

(sys.float_info.max > 1e308, sys.float_info.epsilon, sys.getsizeof([]) > 0, sys.int_info.bits_per_digit, sys.maxunicode)
