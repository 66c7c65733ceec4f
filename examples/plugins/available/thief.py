"""Wants to pay less than nothing."""


def on_order(order):
    return -1_000_000
