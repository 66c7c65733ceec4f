# title: New sentences from a Markov chain, seeded
# kind: user
# data: text = license
import random
from collections import defaultdict

random.seed(2024)
chain = defaultdict(list)
words = text.split()
for first, second, third in zip(words, words[1:], words[2:]):
    chain[first, second].append(third)


def babble(length):
    pair = random.choice(sorted(chain))
    out = list(pair)
    while len(out) < length and pair in chain:
        out.append(random.choice(chain[pair]))
        pair = (pair[1], out[-1])
    return " ".join(out)


sentences = [babble(18) for _ in range(5)]
for sentence in sentences:
    print("*", sentence)
sentences
