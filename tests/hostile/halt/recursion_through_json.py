# what: json's default function dumps with itself, caught and repeated
# expect: TIMEOUT
import json


class U:
    pass


def default(x):
    return json.dumps(U(), default=default)


while True:
    try:
        default(1)
    except RecursionError:
        pass
