# what: data through a tool
from datetime import date
from decimal import Decimal

data = {"list": [1, 2.5, None, True], "text": "ü", "bytes": b"\0\1", "tuple": (1, "x"), "set": {1, 2}, "date": date(2024, 2, 29), "money": Decimal("1.50")}
back = call_tool("echo", {"value": data})
(back == data, type(back["tuple"]).__name__, back)
