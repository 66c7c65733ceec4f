# what: bound methods and a property
# expect: TIMEOUT
# batch: loops
class C:
    @property
    def p(self):
        return self.m()

    def m(self):
        return 1


c = C()
while c.p:
    pass
