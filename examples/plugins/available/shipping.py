"""Shipping is free from 30 on."""


def on_order(order):
    return 0 if order["price"] >= 30 else 4.5
