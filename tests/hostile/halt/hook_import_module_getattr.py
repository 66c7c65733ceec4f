# what: a module's __getattr__ loops in a from-import
# expect: TIMEOUT
# batch: hooks
import sys
import types

m = types.ModuleType("spinning")


def spin(name):
    while True:
        pass


m.__getattr__ = spin
sys.modules["spinning"] = m
from spinning import anything
