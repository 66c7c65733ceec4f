# what: a metaclass that keeps a registry
# strict: yes
class Registry(type):
    plugins = {}

    def __new__(meta, name, bases, namespace, *, key=None):
        cls = super().__new__(meta, name, bases, namespace)
        if key:
            meta.plugins[key] = cls
        return cls


class Base(metaclass=Registry):
    pass


class Upper(Base, key="upper"):
    def run(self, text):
        return text.upper()


class Reverse(Base, key="reverse"):
    def run(self, text):
        return text[::-1]


{key: cls().run("Hello") for key, cls in sorted(Registry.plugins.items())}
