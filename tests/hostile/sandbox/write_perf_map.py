# what: has the interpreter write a map of its code
# python: >=3.12
import sys

sys.activate_stack_trampoline("perf")
{"escaped": sys.is_stack_trampoline_active(), "proof": "active"}
