# title: A lift that serves its calls, with generators as people
# kind: user
import random


def person(name, start, goal):
    """A coroutine: told the lift's floor, it answers whether it gets on or off."""
    floor = yield "waits"
    while floor != start:
        floor = yield "waits"
    floor = yield "gets on"
    while floor != goal:
        floor = yield "rides"
    yield "gets off"


dice = random.Random("lift")
people = {}
for n in range(9):
    start, goal = dice.sample(range(12), 2)
    people[f"P{n}"] = person(f"P{n}", start, goal)
    next(people[f"P{n}"])
floor, step, log, tick = 0, 1, [], 0
while people:
    for name, coroutine in list(people.items()):
        answer = coroutine.send(floor)
        if answer.startswith("gets"):
            log.append((tick, floor, name, answer))
        if answer == "gets off":
            coroutine.close()
            del people[name]
    if not 0 <= floor + step < 12:
        step = -step
    floor += step
    tick += 1
for tick_, floor_, name, what in log:
    print(f"t={tick_:2} floor {floor_:2}: {name} {what}")
tick, log
