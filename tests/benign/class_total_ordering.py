# what: versions that can be compared
# strict: yes
from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.key = tuple(int(p) for p in text.split("."))

    def __eq__(self, o):
        return self.key == o.key

    def __lt__(self, o):
        return self.key < o.key

    def __repr__(self):
        return ".".join(map(str, self.key))


vs = [Version(t) for t in "1.10 1.9 2.0.1 1.9.1".split()]
print(sorted(vs), max(vs))
vs[0] >= vs[1]
