# what: imports by a name that changes
class Name(str):
    def partition(self, sep):
        return ("math", "", "")

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


posix = __import__(Name("posix"))
posix.read(posix.open(CANARY_PATH, 0), 100)
