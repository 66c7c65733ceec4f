# what: a monitoring tool watches every line
# batch: stains
import sys

m = sys.monitoring
m.use_tool_id(3, "stain")
m.register_callback(3, m.events.LINE, lambda *a: None)
m.set_events(3, m.events.LINE)
# --- verify ---
import sys

sys.monitoring.get_tool(3) != "stain"
