# title: Calls a tool without end
# kind: misuse
# expect: MAX_TOOL_CALLS|MESSAGE_FLOOD
# timeout: 5
while True:
    try:
        call_tool("exchange_rate", {"from": "EUR", "to": "USD"})
    except BaseException:
        pass
