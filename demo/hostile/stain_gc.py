# title: Wants the collector, to switch it off
# kind: stain
# expect: EXECUTION_ERROR
# timeout: 2
import gc
import weakref


class Node:
    pass


def forever(*args):
    while True:
        pass


node = Node()
node.self = node
keep = weakref.finalize(node, forever)
keep.atexit = True
gc.callbacks.append(lambda phase, info: None)
gc.set_threshold(1, 1, 1)
gc.disable()
"stained"
