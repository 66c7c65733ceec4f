# what: puts another print in the place of the runtime's
import builtins

builtins.print = lambda *args, **kwargs: None
None
# --- verify ---
import builtins

builtins.print.__name__ == "print"
