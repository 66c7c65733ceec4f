"""A tenth off each third order of a customer."""

orders = {}


def on_order(order):
    customer = order["customer"]
    orders[customer] = orders.get(customer, 0) + 1
    if orders[customer] % 3 == 0:
        call_tool("say", {"text": f"{customer} has come {orders[customer]} times"})
        return -order["price"] / 10
    return 0
