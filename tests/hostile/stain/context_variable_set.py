# what: a context variable is set at the top level
# batch: stains
import contextvars

variable = contextvars.ContextVar("stain_variable")
variable.set("stained")
None
# --- verify ---
import contextvars

"stain_variable" not in [v.name for v in contextvars.copy_context()]
