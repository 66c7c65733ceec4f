# title: A summary of a topic by its weightiest sentences
# kind: llm
import re
from collections import Counter
from heapq import nlargest

text = call_tool("lookup_topic", {"topic": "exceptions"})
sentences = [" ".join(s.split()) for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if len(s.split()) > 5]
weights = Counter(re.findall(r"[a-z]{5,}", text.lower()))


def weight(sentence):
    words = re.findall(r"[a-z]{5,}", sentence.lower())
    return sum(weights[word] for word in set(words)) / (len(words) or 1)


chosen = nlargest(3, enumerate(sentences), key=lambda pair: (weight(pair[1]), -pair[0]))
summary = [sentence for _, sentence in sorted(chosen)]
print("\n".join(f"- {sentence}" for sentence in summary))
summary
