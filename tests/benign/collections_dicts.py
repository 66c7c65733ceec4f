# what: dictionaries
# strict: yes
stock = {"apple": 3, "pear": 0} | {"fig": 7}
stock.setdefault("kiwi", 1)
print({v: k for k, v in stock.items()}, max(stock, key=stock.get), stock.pop("pear", None), [*stock])
nested = {}
for path, value in {"a.b.c": 1, "a.d": 2, "e": 3}.items():
    *heads, last = path.split(".")
    at = nested
    for h in heads:
        at = at.setdefault(h, {})
    at[last] = value
nested
