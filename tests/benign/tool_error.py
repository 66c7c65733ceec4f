# what: a tool that fails
# strict: yes
try:
    call_tool("divide", {"a": 1, "b": 0})
except ToolError as e:
    message = str(e)
(message, call_tool("divide", {"a": 9, "b": 3}))
