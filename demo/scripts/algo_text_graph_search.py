# title: Word ladders through the documentation's vocabulary
# kind: llm
# data: docs = topics
import re
from collections import defaultdict, deque

words = {word for text in docs.values() for word in re.findall(r"\b[a-z]{4}\b", text)}
buckets = defaultdict(set)
for word in words:
    for i in range(4):
        buckets[word[:i] + "_" + word[i + 1 :]].add(word)


def ways_from(start):
    """For each word that can be reached from ``start``: the word before it, nearest first."""
    came, todo = {start: None}, deque([start])
    while todo:
        word = todo.popleft()
        for i in range(4):
            for other in sorted(buckets[word[:i] + "_" + word[i + 1 :]]):
                if other not in came:
                    came[other] = word
                    todo.append(other)
    return came


def ladder(came, goal):
    path = [goal]
    while came[path[-1]]:
        path.append(came[path[-1]])
    return path[::-1]


reached = {word: ways_from(word) for word in sorted(words)}
widest = max(reached, key=lambda word: (len(reached[word]), word))
# The last word that a breadth-first search finds is one of the farthest.
longest = max(
    (ladder(came, next(reversed(came))) for came in reached.values()), key=lambda path: (len(path), path)
)
print(" ".join(longest))
return {"words": len(words), "reached": len(reached[widest]), "longest": longest}
