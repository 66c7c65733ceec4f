# what: anagrams
# strict: yes
from collections import defaultdict

groups = defaultdict(list)
for w in "listen silent enlist google elbow below state taste cat act".split():
    groups["".join(sorted(w))].append(w)
sorted(g for g in groups.values() if len(g) > 1)
