# what: one long chain of objects
# expect: MEMORY_LIMIT_EXCEEDED
class Node:
    def __init__(self, rest):
        self.rest = rest


n = None
while True:
    n = Node(n)
