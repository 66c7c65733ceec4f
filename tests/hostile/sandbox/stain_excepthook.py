# what: puts hooks in the place of the interpreter's
import sys

sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *args: None
None
# --- verify ---
import sys

sys.excepthook is sys.__excepthook__ and sys.unraisablehook is sys.__unraisablehook__
