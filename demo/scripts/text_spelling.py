# title: Spelling suggestions from the documentation's words
# kind: llm
# data: docs = topics
import difflib
import re
from collections import Counter

counts = Counter(
    word
    for name in ("class", "function", "exceptions", "execmodel", "import")
    for word in re.findall(r"[a-z]{4,}", docs[name].lower())
)
vocabulary = sorted(word for word, n in counts.items() if n > 1)
mistakes = ["excepton", "fucntion", "attribtue", "namspace", "gloabl", "improt", "decorater", "zzzzzz"]
answers = {}
for word in mistakes:
    answers[word] = difflib.get_close_matches(word, vocabulary, n=3, cutoff=0.7)
    print(f"{word} -> {', '.join(answers[word]) or '?'}")
answers
