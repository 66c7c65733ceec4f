# what: json's object_hook loops inside the C scanner
# expect: TIMEOUT
# batch: hooks
import json


def hook(x):
    while True:
        pass


json.loads('[{"a": 1}]', object_hook=hook)
