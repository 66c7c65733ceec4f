# what: goes round the runtime and floods by way of the core's own functions
core = print.__globals__["_enclave"]
while True:
    try:
        core.emit(1, "x")
        core.take(core.post("add", {"a": 1, "b": 2}), 0)
    except BaseException:
        pass
