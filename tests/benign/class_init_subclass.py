# what: classes that register themselves
# strict: yes
class Command:
    commands = {}

    def __init_subclass__(cls, /, name, **kwargs):
        super().__init_subclass__(**kwargs)
        Command.commands[name] = cls


class Hello(Command, name="hello"):
    def __call__(self, who):
        return f"Hello, {who}!"


class Count(Command, name="count"):
    def __call__(self, text):
        return len(text)


[Command.commands[n]()("world") for n in ("hello", "count")]
