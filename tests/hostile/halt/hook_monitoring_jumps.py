# what: sys.monitoring of every jump of an endless loop
# expect: TIMEOUT
# batch: hooks
import sys

m = sys.monitoring
m.use_tool_id(4, "jumps")
m.register_callback(4, m.events.JUMP, lambda *a: None)
m.set_events(4, m.events.JUMP)
while True:
    pass
