# title: Lets the error of a tool go by
# kind: misuse
# expect: TOOL_ERROR
# timeout: 2
call_tool("fetch", {"key": "never stored"})
