# title: Roman numerals there and back, and Unicode's own numbers
# kind: llm
import unicodedata
from itertools import pairwise

SYMBOLS = dict(M=1000, CM=900, D=500, CD=400, C=100, XC=90, L=50, XL=40, X=10, IX=9, V=5, IV=4, I=1)


def roman(n):
    out = ""
    for symbol, value in SYMBOLS.items():
        count, n = divmod(n, value)
        out += symbol * count
    return out


def arabic(text):
    values = [SYMBOLS[c] for c in text] + [0]
    return sum(-a if a < b else a for a, b in pairwise(values))


assert all(arabic(roman(n)) == n for n in range(1, 4000))
longest = max(range(1, 4000), key=lambda n: (len(roman(n)), -n))
signs = {c: unicodedata.numeric(c) for c in "Ⅻ½٣७〇ↁ"}
print(longest, roman(longest))
for c, value in signs.items():
    print(c, unicodedata.name(c), value)
return {"longest": roman(longest), "2024": roman(2024), "signs": signs}
