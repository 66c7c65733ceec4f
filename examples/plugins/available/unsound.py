"""Cannot be loaded."""

def on_order(order)
    return 0
