# what: an iterator by hand
# strict: yes
class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1


first, *rest = Countdown(5)
(first, rest, list(zip(Countdown(2), "ab")), 3 in Countdown(4))
