# what: a tool's error that nobody catches
# strict: yes
print("asking")
call_tool("divide", {"a": 1, "b": 0})
