"""Remembers every order; of one it thinks so long that it is halted, and is then back where it was."""

seen = []


def on_order(order):
    seen.append(order["number"])
    if order["number"] == 14:
        sum(iter(int, 1))
    call_tool("say", {"text": f"seen {len(seen)}, the last of them {seen[-1]}"})
    return 0
