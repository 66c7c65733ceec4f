# what: watches the calls of a function that it was given
import sys

found = []
monitoring = sys.monitoring
monitoring.use_tool_id(3, "x")
monitoring.register_callback(3, monitoring.events.PY_START, lambda code, offset: found.append(code))
monitoring.set_events(3, monitoring.events.PY_START)
print("x")
monitoring.set_events(3, 0)
monitoring.free_tool_id(3)
{"escaped": any(code.co_name == "print" and bool(code.co_varnames) for code in found), "proof": "code"}
