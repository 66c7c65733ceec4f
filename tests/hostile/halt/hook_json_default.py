# what: json's default function answers with another unknown object
# expect: TIMEOUT
# batch: hooks
import json


class U:
    pass


def default(x):
    while True:
        pass


json.dumps([U()], default=default)
