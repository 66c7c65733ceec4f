# what: objects that put themselves back when they die
# expect: TIMEOUT
alive = []


class D:
    def __del__(self):
        alive.append(D())


D()
while True:
    alive.pop()
