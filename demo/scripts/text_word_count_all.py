# title: Word counts over the whole language reference
# kind: user
# data: docs = topics
from collections import Counter

STOP = set("the a an of to is in and or for that be are as by it this with on if not from at which".split())
total = Counter()
for name, text in docs.items():
    cleaned = "".join(c.lower() if c.isalpha() else " " for c in text)
    total.update(word for word in cleaned.split() if word not in STOP and len(word) > 2)

top = sorted(total.items(), key=lambda item: (-item[1], item[0]))[:25]
width = max(len(word) for word, _ in top)
for word, count in top:
    print(word.ljust(width), "#" * (count * 40 // top[0][1]), count)
return top
