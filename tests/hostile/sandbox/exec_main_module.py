# what: takes the builtins from the module __main__
import sys

vars(sys.modules["builtins"])["open"](CANARY_PATH).read()
