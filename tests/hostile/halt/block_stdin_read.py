# what: sys.stdin.read, the descriptor read directly should there be no stream
# expect: TIMEOUT | EXECUTION_ERROR
import os
import sys

if sys.stdin is not None:
    sys.stdin.read()
os.read(0, 1)
