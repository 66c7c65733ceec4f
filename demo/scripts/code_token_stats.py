# title: Kinds of tokens in library modules
# kind: user
# data: files = sources:heapq,textwrap,json.decoder,bisect,fractions
import io
import token
import tokenize
from collections import Counter

rows = {}
for module, source in files.items():
    kinds = Counter()
    for item in tokenize.generate_tokens(io.StringIO(source).readline):
        kinds[token.tok_name[item.type]] += 1
    rows[module] = dict(sorted(kinds.items()))
    total = sum(kinds.values())
    print(f"{module:14} {total:6} tokens, {100 * kinds['OP'] / total:.1f} % operators")
rows
