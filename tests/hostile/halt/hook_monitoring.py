# what: a sys.monitoring callback that never returns
# expect: TIMEOUT
# batch: hooks
import sys

m = sys.monitoring


def f():
    return 1


def spin(*a):
    while True:
        pass


m.use_tool_id(3, "spin")
m.register_callback(3, m.events.PY_START, spin)
m.set_events(3, m.events.PY_START)
f()
