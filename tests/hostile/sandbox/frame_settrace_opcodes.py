# what: steps through the opcodes of a function that it was given
import sys

found = []


def tracer(frame, event, argument):
    if frame.f_globals is not globals():
        found.append(sorted(frame.f_locals))
    return tracer


sys.settrace(tracer)
try:
    call_tool("x", {})
except ToolError:
    pass
sys.settrace(None)
{"escaped": any("name" in names for names in found), "proof": "locals"}
