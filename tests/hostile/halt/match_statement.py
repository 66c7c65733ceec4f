# what: a match statement that always finds its case
# expect: TIMEOUT
# batch: loops
state = {"kind": "a", "next": ["b", "c"]}
while True:
    match state:
        case {"kind": str(k), "next": [x, *rest]}:
            state["kind"] = k
        case _:
            break
