# title: Which keywords the standard library uses, and how often
# kind: user
# data: files = sources:argparse,contextlib,typing,statistics,logging,configparser
import io
import keyword
import tokenize
from collections import Counter

used = Counter()
for source in files.values():
    used.update(
        item.string
        for item in tokenize.generate_tokens(io.StringIO(source).readline)
        if item.type == tokenize.NAME and keyword.iskeyword(item.string)
    )
never = [word for word in keyword.kwlist if word not in used]
for word, n in sorted(used.items(), key=lambda item: (-item[1], item[0])):
    print(f"{word:10} {n:5}")
return {"used": dict(sorted(used.items())), "never": never, "soft": len(keyword.softkwlist)}
