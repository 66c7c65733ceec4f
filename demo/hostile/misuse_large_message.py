# title: Sends a tool more than a message may hold
# kind: misuse
# expect: MESSAGE_TOO_LARGE
# timeout: 5
call_tool("store", {"key": "large", "value": "x" * (20 << 20)})
