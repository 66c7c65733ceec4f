# title: Changes recursion, digit and switch limits
# kind: stain
# expect: OK
# timeout: 2
import decimal
import sys

sys.setrecursionlimit(120)
sys.set_int_max_str_digits(640)
sys.setswitchinterval(5.0)
decimal.getcontext().prec = 2
decimal.DefaultContext.prec = 2
"stained"
