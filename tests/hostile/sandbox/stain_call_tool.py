# what: puts another call_tool in the place of the runtime's
import builtins

builtins.call_tool = lambda *args: "stained"
None
# --- verify ---
import builtins

builtins.call_tool.__name__ == "call_tool"
