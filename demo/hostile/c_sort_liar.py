# title: Sorting with a comparison that never ends
# kind: loop
# expect: TIMEOUT
# timeout: 0.2
class Endless:
    def __lt__(self, other):
        return all(iter(int, 1)) or any(iter(int, 1))


sorted([Endless(), Endless(), Endless()])
