# what: JSON of types of its own
import json
from datetime import date
from decimal import Decimal


class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, (date, Decimal)):
            return {"__type__": type(o).__name__, "value": str(o)}
        if isinstance(o, set):
            return sorted(o)
        return super().default(o)


def hook(d):
    return Decimal(d["value"]) if d.get("__type__") == "Decimal" else d


text = json.dumps({"d": date(2020, 2, 29), "n": Decimal("1.10"), "s": {3, 1}}, cls=Encoder)
try:
    json.dumps(object)
except TypeError as e:
    print(e)
(text, json.loads(text, object_hook=hook)["n"])
