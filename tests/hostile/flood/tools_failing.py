# what: calls a tool that fails, in nested handlers that call again
def again():
    try:
        call_tool("fail", {})
    except BaseException:
        try:
            call_tool("fail", {})
        finally:
            again()


while True:
    try:
        again()
    except BaseException:
        pass
