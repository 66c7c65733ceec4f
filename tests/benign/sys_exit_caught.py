# what: sys.exit() that is caught
import sys


def main():
    print("working")
    sys.exit("done")


try:
    main()
except SystemExit as e:
    code = e.code
code
