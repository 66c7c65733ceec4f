# title: Trigrams of words in Python's licence
# kind: user
# data: text = license
import re
from collections import Counter
from itertools import islice


def ngrams(words, size):
    return zip(*(islice(words, start, None) for start in range(size)))


words = re.findall(r"[a-z]+", text.lower())
result = {}
for size in (2, 3, 4):
    counts = Counter(" ".join(gram) for gram in ngrams(words, size))
    result[size] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:8]
    print(size, "->", "; ".join(f"{gram} ({n})" for gram, n in result[size][:3]))
result
