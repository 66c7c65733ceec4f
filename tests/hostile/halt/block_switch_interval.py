# what: a switch interval of thirty years, then a loop
# expect: TIMEOUT
import sys

sys.setswitchinterval(1e9)
while True:
    pass
