# what: sys.exit is called for ever and caught
# expect: TIMEOUT
import sys

while True:
    try:
        sys.exit(1)
    except SystemExit:
        pass
