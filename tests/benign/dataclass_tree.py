# what: nested dataclasses and recursion
# strict: yes
from __future__ import annotations
from dataclasses import dataclass


@dataclass
class Node:
    value: int
    left: Node | None = None
    right: Node | None = None

    def insert(self, v):
        side = "left" if v < self.value else "right"
        child = getattr(self, side)
        if child:
            child.insert(v)
        else:
            setattr(self, side, Node(v))

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


root = Node(50)
for v in (30, 70, 20, 40, 60, 80):
    root.insert(v)
list(root)
