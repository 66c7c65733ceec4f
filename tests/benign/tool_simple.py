# what: a tool
# strict: yes
result = call_tool("add", {"a": 2, "b": 40})
print("the tool says", result)
result
