# title: Pi and the birthday problem by simulation
# kind: llm
import math
import random

dice = random.Random(20240229)
inside = sum(dice.random() ** 2 + dice.random() ** 2 <= 1 for _ in range(40_000))
estimate = 4 * inside / 40_000


def shared(people):
    days = [dice.randrange(365) for _ in range(people)]
    return len(set(days)) < people


rates = {people: sum(shared(people) for _ in range(500)) / 500 for people in (10, 23, 40, 60)}
print(f"pi is about {estimate} (off by {abs(estimate - math.pi):.5f})")
for people, rate in rates.items():
    print(f"{people:3} people: {rate:6.1%}")
estimate, rates
