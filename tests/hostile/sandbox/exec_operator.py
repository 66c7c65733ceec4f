# what: calls with an operator
class A:
    def __init__(self, path):
        self.path = path

    __matmul__ = lambda self, f: f(self.path).read()


A(CANARY_PATH) @ open
