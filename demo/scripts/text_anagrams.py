# title: Words of the documentation that are anagrams
# kind: user
# data: docs = topics
import re
from collections import defaultdict

words = {word for text in docs.values() for word in re.findall(r"\b[a-z]{4,}\b", text)}
groups = defaultdict(set)
for word in words:
    groups["".join(sorted(word))].add(word)
found = {key: frozenset(group) for key, group in sorted(groups.items()) if len(group) > 1}
for key, group in found.items():
    print(" = ".join(sorted(group)))
found
