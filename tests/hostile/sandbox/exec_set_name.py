# what: calls while a class is made
found = []


class Descriptor:
    def __set_name__(self, owner, name):
        found.append(open(owner.path).read())


class A:
    path = CANARY_PATH
    x = Descriptor()


found
