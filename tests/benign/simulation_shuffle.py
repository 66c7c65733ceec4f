# what: seeded shuffling, sampling and choosing
# strict: yes
import random

rng = random.Random("seed")
deck = [r + s for s in "SHDC" for r in "A23456789TJQK"]
rng.shuffle(deck)
(deck[:5], rng.sample(range(100), 4), rng.choices("abc", weights=[5, 1, 1], k=6), round(rng.gauss(0, 1), 6), rng.randrange(0, 100, 5), round(rng.uniform(1, 2), 6))
