# what: puts another open in the place of the interpreter's
import builtins

builtins.open = lambda *args, **kwargs: None
None
# --- verify ---
import io

getattr(__import__("builtins"), "open", io.open) is io.open
