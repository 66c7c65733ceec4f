# what: makes every exception a ToolError
import builtins

builtins.ToolError = Exception
None
# --- verify ---
import builtins

builtins.ToolError is not Exception
