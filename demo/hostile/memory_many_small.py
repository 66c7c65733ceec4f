# title: Millions of small linked objects
# kind: memory
# expect: MEMORY_LIMIT_EXCEEDED
# timeout: 8
class Node:
    def __init__(self, next):
        self.next = next


head = None
while True:
    head = Node(head)
