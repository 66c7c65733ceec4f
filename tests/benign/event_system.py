# what: listeners
# strict: yes
class Events:
    def __init__(self):
        self.listeners = {}

    def on(self, name):
        def register(f):
            self.listeners.setdefault(name, []).append(f)
            return f

        return register

    def fire(self, name, *args):
        return [f(*args) for f in self.listeners.get(name, [])]


events = Events()


@events.on("greet")
def a(who):
    return f"hi {who}"


@events.on("greet")
def b(who):
    return who[::-1]


(events.fire("greet", "bob"), events.fire("none"))
