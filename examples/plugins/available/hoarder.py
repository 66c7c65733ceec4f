"""Keeps more with each order, until there is no room."""

kept = []


def on_order(order):
    kept.append(bytes(20_000_000))
    return 0
