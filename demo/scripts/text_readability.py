# title: Flesch reading ease of every topic
# kind: user
# data: docs = topics
import re
import statistics

VOWELS = re.compile(r"[aeiouy]+")


def syllables(word):
    groups = len(VOWELS.findall(word))
    if word.endswith("e") and not word.endswith("le") and groups > 1:
        groups -= 1
    return max(groups, 1)


def flesch(text):
    sentences = [part for part in re.split(r"[.!?]+\s", text) if part.strip()]
    words = re.findall(r"[a-z]+", text.lower())
    if not words or not sentences:
        return None
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * sum(map(syllables, words)) / len(words)


scores = {name: round(score, 2) for name, text in docs.items() if (score := flesch(text)) is not None}
order = sorted(scores, key=lambda name: (scores[name], name))
print("hardest:", ", ".join(order[:5]))
print("easiest:", ", ".join(order[-5:]))
print("median :", round(statistics.median(scores.values()), 2))
scores
