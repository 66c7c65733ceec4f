# what: builtins.__import__ is replaced by a loop
# expect: TIMEOUT
# batch: hooks
import builtins


def spin(*a, **k):
    while True:
        pass


builtins.__import__ = spin
import json
