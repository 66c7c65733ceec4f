# title: Letter frequencies against those of English
# kind: user
# data: docs = topics
from collections import Counter
from string import ascii_lowercase

ENGLISH = dict(
    zip(
        "etaoinshrdlcumwfgypbvkjxqz",
        [
            12.7,
            9.06,
            8.17,
            7.51,
            6.97,
            6.75,
            6.33,
            6.09,
            5.99,
            4.25,
            4.03,
            2.78,
            2.76,
            2.41,
            2.36,
            2.23,
            2.02,
            1.97,
            1.93,
            1.49,
            0.98,
            0.77,
            0.15,
            0.15,
            0.10,
            0.07,
        ],
    )
)
counts = Counter()
for text in docs.values():
    counts.update(c for c in text.lower() if c in ENGLISH)
total = sum(counts.values())
rows = []
for letter in ascii_lowercase:
    share = 100 * counts[letter] / total
    rows.append((letter, round(share, 3), round(share - ENGLISH[letter], 3)))
odd = max(rows, key=lambda row: abs(row[2]))
print("largest difference from English:", odd)
rows
