# what: changes sys.stdout's class
import sys

type(sys.stdout).write = lambda self, text: None
None
# --- verify ---
import sys

type(sys.stdout).write.__name__ == "write" and sys.stdout.write("") == 0
