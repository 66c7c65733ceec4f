# title: The most frequent words of one topic
# kind: user
# data: text = topic:customization
import re
from collections import Counter

words = re.findall(r"[a-z']+", text.lower())
counts = Counter(words)
ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
for word, count in ranked[:12]:
    print(f"{count:5}  {word}")

{"words": len(words), "different": len(counts), "top": ranked[:12]}
