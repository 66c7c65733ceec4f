# what: generators one behind the other
# strict: yes
def numbers(text):
    for line in text.splitlines():
        yield from (int(w) for w in line.split() if w.lstrip("-").isdigit())


def pairs(items):
    it = iter(items)
    yield from zip(it, it)


def running(items):
    total = 0
    for i in items:
        total += i
        yield total


text = "1 2 x\n-3 4\n5 y 6"
(list(numbers(text)), list(pairs(numbers(text))), list(running(numbers(text))))
