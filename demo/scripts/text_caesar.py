# title: Breaks a Caesar cipher by letter frequencies
# kind: llm
# data: text = topic:lambda
import string
from collections import Counter

COMMON = "etaoinshrdlu"


def shift(message, by):
    lower, upper = string.ascii_lowercase, string.ascii_uppercase
    table = str.maketrans(lower + upper, lower[by:] + lower[:by] + upper[by:] + upper[:by])
    return message.translate(table)


def score(message):
    counts = Counter(message.lower())
    return sum(counts[c] for c in COMMON)


secret = shift(text, 17)
key = max(range(26), key=lambda by: (score(shift(secret, by)), -by))
print("the key was", 26 - key)
print(shift(secret, key)[:120])
return (26 - key, shift(secret, key) == text)
