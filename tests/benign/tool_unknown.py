# what: a tool that is not there
# strict: yes
try:
    call_tool("nothing", {})
except ToolError as e:
    print("no such tool:", e)
