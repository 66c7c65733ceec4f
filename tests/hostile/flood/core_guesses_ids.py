# what: takes and forgets answers under ids that are not its own, between calls
core = print.__globals__["_enclave"]
guess = 0
while True:
    own = core.post("add", {"a": 1, "b": 2})
    for guess in range(own - 50, own + 50):
        if guess != own:
            core.forget(guess % 2**64)
            try:
                found = core.take(guess % 2**64, 0)
            except ValueError:
                continue
            raise SystemExit(f"the answer of call {guess} came to call {own}: {found}")
    core.take(own, None)
