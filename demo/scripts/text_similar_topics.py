# title: Topics most alike, by cosine of tf-idf
# kind: user
# data: docs = topics
import heapq
import math
import re
from collections import Counter

bags = {name: Counter(re.findall(r"[a-z]{3,}", text.lower())) for name, text in docs.items()}
spread = Counter(word for bag in bags.values() for word in bag)
vectors = {}
for name, bag in bags.items():
    vector = {word: n * math.log(len(bags) / spread[word]) for word, n in bag.items() if spread[word] > 1}
    length = math.sqrt(sum(v * v for v in vector.values())) or 1.0
    vectors[name] = {word: v / length for word, v in vector.items()}


def cosine(a, b):
    if len(a) > len(b):
        a, b = b, a
    return sum(v * b[word] for word, v in a.items() if word in b)


names = sorted(vectors)
pairs = ((cosine(vectors[a], vectors[b]), a, b) for i, a in enumerate(names) for b in names[i + 1 :])
best = heapq.nlargest(10, pairs)
for score, a, b in best:
    print(f"{score:.4f}  {a} ~ {b}")
[(round(score, 9), a, b) for score, a, b in best]
