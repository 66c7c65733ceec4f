"""Brings its worker down at each tenth order."""

import os


def on_order(order):
    if order["number"] % 10 == 9:
        os.abort()
    return 0
