# what: sorting by several keys
# strict: yes
people = [("Bob", 30, 1.8), ("alice", 25, 1.7), ("Carol", 30, 1.6), ("dave", 25, 1.9)]
print(sorted(people, key=lambda p: (-p[1], p[0].lower())))
people.sort(key=lambda p: p[2], reverse=True)
[p[0] for p in people]
