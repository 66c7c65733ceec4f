# what: the collections
# strict: yes
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple

c = Counter("mississippi")
c.subtract("miss")
d = deque([1, 2, 3], maxlen=3)
d.append(4)
d.rotate(1)
P = namedtuple("P", "x y", defaults=[0])
o = OrderedDict(a=1, b=2)
o.move_to_end("a")
dd = defaultdict(list)
dd["k"].append(1)
print(c, d, P(1), o, dict(dd), ChainMap({"a": 1}, {"a": 2, "b": 3})["b"])
(sorted(c.elements()), list(d), P(1)._asdict(), list(o), +Counter(a=1, b=-1) == Counter("a"))
