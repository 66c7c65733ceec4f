# what: words counted
# strict: yes
from collections import Counter
import string

text = """It was the best of times, it was the worst of times; it was the age of wisdom..."""
words = text.lower().translate(str.maketrans("", "", string.punctuation)).split()
counts = Counter(words)
for word, n in sorted(counts.items(), key=lambda i: (-i[1], i[0]))[:4]:
    print(f"{word:>6} {n}")
counts.most_common(2)
