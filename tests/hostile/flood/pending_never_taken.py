# what: calls that are posted by way of the core and never asked after
core = print.__globals__["_enclave"]
while True:
    try:
        core.post("add", {"a": 1, "b": 2})
    except BaseException:
        pass
