# what: a trie
# strict: yes
class Trie:
    def __init__(self):
        self.children, self.end = {}, False

    def add(self, word):
        node = self
        for c in word:
            node = node.children.setdefault(c, Trie())
        node.end = True

    def words(self, prefix=""):
        if self.end:
            yield prefix
        for c in sorted(self.children):
            yield from self.children[c].words(prefix + c)


t = Trie()
for w in ("to", "tea", "ten", "inn", "in"):
    t.add(w)
(list(t.words()), list(t.children["t"].words("t")))
